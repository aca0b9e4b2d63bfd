// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import org.provisor.impl.Refines;
import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// `stack_switch`: says where the kernel's stack begins, for entries from user mode.
///
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_stack_switch
public final class StackSwitch {

    private StackSwitch() {}

    /// The call. Any address will do until a frame is to be put there.
    @Refines("pv.stack-switch")
    public static long call(final Vcpu by, final long segment, final long stack) {
        final EntryState entry = by.entry();
        entry.kernelStackSegment = segment | Selectors.PRIVILEGE;
        entry.kernelStack = stack;
        return 0;
    }
}
