// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import org.provisor.spec.abi.Invocation.FpuTaskswitchCall;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `fpu_taskswitch`: sets or clears what the guest takes for CR0.TS.
///
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_fpu_taskswitch
public final class FpuTaskswitch {

    private FpuTaskswitch() {}

    /// Does the call `fpu_taskswitch`.
    ///
    /// | row | the argument        | outcome                                                  |
    /// |-----|---------------------|----------------------------------------------------------|
    /// | a   | is 0                | the guest gets no device-not-available exceptions        |
    /// | b   | is any other number | it gets one when it next needs its floating-point unit   |
    ///
    /// Whether it was so already does not matter.
    @Clause(
            value = "pv.fpu-taskswitch",
            rows = {"a", "b"})
    public static Outcome call(Step at, FpuTaskswitchCall call) {
        boolean set = call.set() != 0;
        Step now = at.withVcpu(at.vcpu().withEntry(at.vcpu().entry().withTaskSwitched(set)));
        return Outcome.returning(now.row(set ? "pv.fpu-taskswitch/b" : "pv.fpu-taskswitch/a"));
    }
}
