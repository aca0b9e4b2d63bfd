// SPDX-License-Identifier: Apache-2.0

/// Tests of the exploration: toy worlds with known totals, and a naive search to compare with.
@NullMarked
package org.provisor.proofs.explore;

import org.jspecify.annotations.NullMarked;
