// SPDX-License-Identifier: Apache-2.0

/// Whether coverage of conditions is measured as it is said to be.
@NullMarked
package org.provisor.proofs.mcdc;

import org.jspecify.annotations.NullMarked;
