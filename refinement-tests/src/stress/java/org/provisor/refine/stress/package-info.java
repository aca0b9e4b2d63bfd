// SPDX-License-Identifier: Apache-2.0

/// Single words under two threads, with every outcome that there can be: run by jcstress, see the
/// README of refinement-tests.
@NullMarked
package org.provisor.refine.stress;

import org.jspecify.annotations.NullMarked;
