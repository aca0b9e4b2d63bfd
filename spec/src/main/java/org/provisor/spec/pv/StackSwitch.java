// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.Invocation.StackSwitchCall;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `stack_switch`: says where the kernel's stack begins, for entries from user mode.
///
/// @xen xen/arch/x86/pv/misc-hypercalls.c, do_stack_switch
public final class StackSwitch {

    private StackSwitch() {}

    /// Does the call `stack_switch`.
    ///
    /// | row | the call | outcome                                                        |
    /// |-----|----------|----------------------------------------------------------------|
    /// | a   | is any   | kept for the calling vCPU; the selector gets privilege level 3 |
    ///
    /// Nothing is looked at: whether a frame can be put there shows when one is to be.
    @Clause(
            value = "pv.stack-switch",
            rows = {"a"})
    public static Outcome call(Step at, StackSwitchCall call) {
        long segment = call.ss() | FlatSelectors.RPL;
        Step kept =
                at.withVcpu(at.vcpu().withEntry(at.vcpu().entry().withStack(segment, call.esp())));
        return Outcome.returning(kept.row("pv.stack-switch/a"));
    }
}
