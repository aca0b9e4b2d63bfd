// SPDX-License-Identifier: Apache-2.0
/// What the processor does with memory: page-table entries, the walk, canonical addresses.
///
/// Knows nothing of Xen.
@NullMarked
package org.provisor.spec.x86;

import org.jspecify.annotations.NullMarked;
