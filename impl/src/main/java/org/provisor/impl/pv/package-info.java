// SPDX-License-Identifier: Apache-2.0

/// How paravirtual kernels are entered: what they register for that by calls, and the frames that
/// exceptions, system calls of user mode and events leave on their stacks.
@NullMarked
package org.provisor.impl.pv;

import org.jspecify.annotations.NullMarked;
