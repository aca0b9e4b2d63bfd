// SPDX-License-Identifier: Apache-2.0

/// The same kernel, which measures instructions and hypercalls, on the implementation and on a real
/// Xen in QEMU, in turn; and what came of it.
@NullMarked
package org.provisor.refine.bench;

import org.jspecify.annotations.NullMarked;
