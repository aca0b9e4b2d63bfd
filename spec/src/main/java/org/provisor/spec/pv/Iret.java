// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import io.vavr.control.Option;

import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.IretContext;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.mm.GuestAddresses;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.LinearAddress;

/// The call `iret`: the kernel goes on as what is on its stack says, in itself or in user mode.
///
/// It acts on more registers than other calls, and never returns to its caller as they do.
///
/// @xen xen/arch/x86/pv/iret.c, do_iret
public final class Iret {

    private static final int UINT16 = 0xFFFF;

    private Iret() {}

    /// Does the call `iret`.
    ///
    /// | row | the kernel's stack                                    | outcome                       |
    /// |-----|-------------------------------------------------------|-------------------------------|
    /// | a   | cannot be read                                        | the domain crashes            |
    /// | b   | leads to user mode, which has no root                 | the domain crashes            |
    /// | c   | leads to an address that is not canonical             | not specified                 |
    /// | d   | says that it is the end of a system call              | goes on as by `sysret`        |
    /// | e   | says that it is not                                   | goes on as by `iret`          |
    ///
    /// It leads to user mode if CS has privilege level 3, otherwise back into the kernel; CS and SS
    /// get that level anyhow. RAX, RIP, RSP and RFLAGS are those on the stack, but for VM and the
    /// privilege level, which are cleared, and IF, which is set: on the stack it says whether
    /// events are not masked from then on. With the assist, the privilege level for I/O is kept
    /// beside.
    ///
    /// In row d the selectors are those of flat segments (of 32-bit code if CS says so), RCX is
    /// RIP, R11 is RFLAGS, and RF is lost. In row e all are those on the stack; whether the
    /// selectors can be loaded is the processor's to say.
    @Clause(
            value = "pv.iret",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome call(Step at, Arrival arrival) {
        KernelEntry entry = at.vcpu().entry();
        if (entry.userMode()) {
            throw new IllegalArgumentException("user mode makes no hypercalls");
        }
        GuestAddress stack = new GuestAddress(arrival.registers().rsp());
        Option<GuestBytes> bytes = GuestAddresses.read(at, stack, IretContext.BYTES);
        if (bytes.isEmpty()) {
            return Outcome.of(
                    at.row("pv.iret/a"), new Answer.Crashed("the kernel's stack cannot be read"));
        }
        IretContext context = IretContext.of(bytes.get());
        boolean toUser = (context.cs() & FlatSelectors.RPL) == FlatSelectors.RPL;
        if (toUser && at.vcpu().userRoot().isEmpty()) {
            return Outcome.of(at.row("pv.iret/b"), new Answer.Crashed("user mode has no root"));
        }
        if (!LinearAddress.canonical(context.rip())) {
            return Outcome.of(
                    at.row("pv.iret/c"),
                    new Answer.Unspecified("a return to an address that is not canonical"));
        }
        boolean iopl = at.caller().assists(VmAssistType.ARCHITECTURAL_IOPL);
        KernelEntry now =
                (iopl ? entry.withIopl(context.rflags() & Flags.IOPL) : entry).withUserMode(toUser);
        GuestRegisters after = context.inSyscall() ? sysret(context) : iret(context);
        return Outcome.of(
                at.withVcpu(at.vcpu().withEntry(now))
                        .row(context.inSyscall() ? "pv.iret/d" : "pv.iret/e"),
                new Answer.Entered(
                        after, (context.rflags() & Flags.IF) == 0 ? 1 : 0, Option.none()));
    }

    private static GuestRegisters sysret(IretContext context) {
        GuestRegisters all = iret(context);
        return Bounce.sysret(
                all,
                context.rip(),
                all.cs() == FlatSelectors.FLAT_RING3_CS32
                        ? FlatSelectors.FLAT_RING3_CS32
                        : FlatSelectors.FLAT_RING3_CS64,
                context.rflags(),
                context.rsp());
    }

    private static GuestRegisters iret(IretContext context) {
        long flags = (context.rflags() & ~(Flags.IOPL | Flags.VM)) | Flags.IF;
        return new GuestRegisters(
                context.rax(),
                context.rcx(),
                context.r11(),
                context.rip(),
                ((int) context.cs() & UINT16) | FlatSelectors.RPL,
                (flags & Flags.IRET) | Flags.FIXED,
                context.rsp(),
                ((int) context.ss() & UINT16) | FlatSelectors.RPL);
    }
}
