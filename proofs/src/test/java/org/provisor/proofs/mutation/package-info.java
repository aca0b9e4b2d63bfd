// SPDX-License-Identifier: Apache-2.0

/// Tests of small errors in every rule.
@NullMarked
package org.provisor.proofs.mutation;

import org.jspecify.annotations.NullMarked;
