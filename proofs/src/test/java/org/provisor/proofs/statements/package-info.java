// SPDX-License-Identifier: Apache-2.0

/// Tests of what counts lines and branches.
@NullMarked
package org.provisor.proofs.statements;

import org.jspecify.annotations.NullMarked;
