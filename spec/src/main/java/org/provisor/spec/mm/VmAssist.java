// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOSYS;

import io.vavr.control.Option;

import org.provisor.spec.abi.Invocation.VmAssistCall;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `vm_assist`: switches an assist of the calling domain on or off.
///
/// @xen xen/common/domain.c, do_vm_assist
/// @xen xen/arch/x86/include/asm/domain.h, PV64_VM_ASSIST_MASK
public final class VmAssist {

    private VmAssist() {}

    /// Does the call `vm_assist`.
    ///
    /// | row | the call                          | outcome                   |
    /// |-----|-----------------------------------|---------------------------|
    /// | a   | names an assist that there is not | `EINVAL`                  |
    /// | b   | has an unknown command            | `ENOSYS`                  |
    /// | c   | switches it on                    | on, if it was already too |
    /// | d   | switches it off                   | off, likewise             |
    ///
    /// A 64-bit guest may have all of them, those that mean nothing to it too. The assist is looked
    /// at before the command. Nothing happens but that the domain has it or not from here on: root
    /// tables that are in use stay as they are.
    @Clause(
            value = "mm.vm-assist",
            rows = {"a", "b", "c", "d"})
    public static Outcome call(Step at, VmAssistCall call) {
        Option<VmAssistType> type = VmAssistType.of(call.type());
        if (type.isEmpty()) {
            return Outcome.returning(at.refuse("mm.vm-assist/a", EINVAL));
        }
        Option<VmAssistCommand> command = VmAssistCommand.of(call.cmd());
        if (command.isEmpty()) {
            return Outcome.returning(at.refuse("mm.vm-assist/b", ENOSYS));
        }
        Domain caller = at.caller();
        long bit = type.get().bit();
        return Outcome.returning(
                switch (command.get()) {
                    case ENABLE ->
                            at.with(caller.withAssists(caller.assists() | bit))
                                    .row("mm.vm-assist/c");
                    case DISABLE ->
                            at.with(caller.withAssists(caller.assists() & ~bit))
                                    .row("mm.vm-assist/d");
                });
    }
}
