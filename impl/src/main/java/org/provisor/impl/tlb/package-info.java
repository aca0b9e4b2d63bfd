// SPDX-License-Identifier: Apache-2.0

/// What processors remember of page tables, and how they are made to forget it: no more often than
/// needed.
@NullMarked
package org.provisor.impl.tlb;

import org.jspecify.annotations.NullMarked;
