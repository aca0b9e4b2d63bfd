// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.hypercall;

import static org.provisor.spec.abi.XenErrno.ENOSYS;

import io.vavr.control.Option;

import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.mm.MemoryOp;
import org.provisor.spec.mm.MmuUpdateBatch;
import org.provisor.spec.mm.MmuextBatch;
import org.provisor.spec.mm.SetGdt;
import org.provisor.spec.mm.UpdateDescriptor;
import org.provisor.spec.mm.UpdateVaMapping;
import org.provisor.spec.mm.VmAssist;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.pv.Callbacks;
import org.provisor.spec.pv.FpuTaskswitch;
import org.provisor.spec.pv.Iret;
import org.provisor.spec.pv.SetSegmentBase;
import org.provisor.spec.pv.StackSwitch;
import org.provisor.spec.pv.TrapTable;
import org.provisor.spec.pv.VcpuOp;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The table of hypercalls of a paravirtual guest.
///
/// @xen xen/include/hypercall-defs.c
public final class Hypercalls {

    private Hypercalls() {}

    /// Does what a call of the calling vCPU's kernel asks for.
    ///
    /// | row | the call                                          | outcome                           |
    /// |-----|---------------------------------------------------|-----------------------------------|
    /// | a   | is by a 32-bit guest                              | not specified                     |
    /// | b   | is specified here                                 | as its rule says                  |
    /// | c   | is one of Xen's others                            | not specified                     |
    /// | d   | has a number that Xen does not know               | `ENOSYS`                          |
    ///
    /// `iret` is one of Xen's others here: it is no call that returns, but [Iret].
    ///
    /// @xen xen/arch/x86/pv/hypercall.c, pv_hypercall
    @Clause(
            value = "hypercall.dispatch",
            rows = {"a", "b", "c", "d"})
    public static Outcome call(Step at, Invocation call) {
        if (at.caller().bits32()) {
            return unspecified(at.row("hypercall.dispatch/a"), "calls of 32-bit guests");
        }
        Step known = at.row("hypercall.dispatch/b");
        return switch (call) {
            case Invocation.MmuUpdateCall c -> MmuUpdateBatch.call(known, c);
            case Invocation.MmuextOpCall c -> MmuextBatch.call(known, c);
            case Invocation.SetGdtCall c -> SetGdt.call(known, c);
            case Invocation.UpdateDescriptorCall c -> UpdateDescriptor.call(known, c);
            case Invocation.MemoryOpCall c -> MemoryOp.call(known, c);
            case Invocation.UpdateVaMappingCall c -> UpdateVaMapping.call(known, c);
            case Invocation.UpdateVaMappingOtherdomainCall c -> UpdateVaMapping.callOther(known, c);
            case Invocation.VmAssistCall c -> VmAssist.call(known, c);
            case Invocation.SetTrapTableCall c -> TrapTable.call(known, c);
            case Invocation.StackSwitchCall c -> StackSwitch.call(known, c);
            case Invocation.SetCallbacksCall c -> Callbacks.call(known, c);
            case Invocation.FpuTaskswitchCall c -> FpuTaskswitch.call(known, c);
            case Invocation.SetSegmentBaseCall c -> SetSegmentBase.call(known, c);
            case Invocation.CallbackOpCall c -> Callbacks.operation(known, c);
            case Invocation.VcpuOpCall c -> VcpuOp.call(known, c);
            case Invocation.UnknownCall(var number) -> other(at, number);
        };
    }

    private static Outcome other(Step at, long number) {
        Option<Hypercall> known = Hypercall.of(number);
        return known.isEmpty()
                ? Outcome.returning(at.refuse("hypercall.dispatch/d", ENOSYS))
                : unspecified(at.row("hypercall.dispatch/c"), known.get().xenName());
    }

    private static Outcome unspecified(Step at, String what) {
        return Outcome.returning(at.ending(new Result.Unspecified(what)));
    }
}
