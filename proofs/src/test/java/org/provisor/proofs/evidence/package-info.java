// SPDX-License-Identifier: Apache-2.0

/// Tests of the evidence pack.
@NullMarked
package org.provisor.proofs.evidence;

import org.jspecify.annotations.NullMarked;
