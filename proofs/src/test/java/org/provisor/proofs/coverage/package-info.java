// SPDX-License-Identifier: Apache-2.0

/// Tests of the coverage of the specification.
@NullMarked
package org.provisor.proofs.coverage;

import org.jspecify.annotations.NullMarked;
