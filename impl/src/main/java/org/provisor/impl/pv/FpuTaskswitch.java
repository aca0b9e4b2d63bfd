// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import org.provisor.impl.Refines;
import org.provisor.impl.mm.Vcpu;

/// `fpu_taskswitch`: sets or clears what the guest takes for CR0.TS.
///
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_fpu_taskswitch
public final class FpuTaskswitch {

    private FpuTaskswitch() {}

    /// The call.
    ///
    /// @param set 32 bits
    @Refines("pv.fpu-taskswitch")
    public static long call(final Vcpu by, final long set) {
        by.entry().taskSwitched = set != 0;
        return 0;
    }
}
