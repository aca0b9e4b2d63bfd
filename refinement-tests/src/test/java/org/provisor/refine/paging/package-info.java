// SPDX-License-Identifier: Apache-2.0

/// The processor's way through page tables, and what it remembers of them, against the
/// specification's.
@NullMarked
package org.provisor.refine.paging;

import org.jspecify.annotations.NullMarked;
