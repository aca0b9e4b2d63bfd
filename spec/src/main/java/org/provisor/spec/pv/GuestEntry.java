// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import io.vavr.control.Option;

import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.pv.Bounce.Target;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TrapHandler;

/// What a vCPU's kernel is entered for: exceptions, interrupts by instructions, system calls of
/// user mode, events.
///
/// What Xen handles itself and the guest does not see is not here: faults of its descriptor tables
/// and page tables, and privileged instructions.
///
/// @xen xen/arch/x86/pv/traps.c, pv_inject_event
public final class GuestEntry {

    private static final int BREAKPOINT = 3;
    private static final int OVERFLOW = 4;
    private static final int INVALID_OPCODE = 6;
    private static final int DEVICE_NOT_AVAILABLE = 7;
    private static final int GENERAL_PROTECTION = 13;
    private static final int PAGE_FAULT = 14;
    private static final int LINUX_SYSCALL = 0x80;

    /// The size of `syscall`, and of `int n` without prefixes.
    private static final int INSTRUCTION_BYTES = 2;

    /// In a page fault's error code: in user mode.
    private static final long FAULT_USER = 1 << 2;

    /// In an error code: the number is that of a vector.
    private static final long ERROR_IDT = 1 << 1;

    private static final int KERNEL_PRIVILEGE = 1;
    private static final int USER_PRIVILEGE = 3;

    private GuestEntry() {}

    /// Does what a vCPU has stopped with.
    public static Outcome arrive(Step at, Arrival arrival) {
        return switch (arrival.cause()) {
            case Arrival.Exception exception -> exception(at, arrival, exception);
            case Arrival.Interrupt interrupt -> interrupt(at, arrival, interrupt);
            case Arrival.UserSyscall _ -> userSyscall(at, arrival);
            case Arrival.Events _ -> upcall(at, arrival);
            case Arrival.Iret _ -> Iret.call(at, arrival);
        };
    }

    /// Gives the guest an exception.
    ///
    /// | row | the exception                                                  | outcome             |
    /// |-----|----------------------------------------------------------------|---------------------|
    /// | a   | is device-not-available, which the guest has not asked for     | it tries again      |
    /// | b   | is device-not-available, which it has asked for                | gets it, this once  |
    /// | c   | is a page fault                                                | gets it, with CR2   |
    /// | d   | has an error code                                              | gets it with that   |
    /// | e   | has none                                                       | gets it             |
    ///
    /// Asked for is what `fpu_taskswitch` sets; row b clears it. In row a Xen has given the vCPU
    /// its registers. An error code's bit 2 says in row c whether the vCPU is in user mode,
    /// whatever the processor says of it: for the processor the kernel is user mode too. Events are
    /// masked on the way in if the handler's flags say so.
    ///
    /// @xen xen/arch/x86/traps.c, do_trap, do_device_not_available
    @Clause(
            value = "pv.exception",
            rows = {"a", "b", "c", "d", "e"})
    private static Outcome exception(Step at, Arrival arrival, Arrival.Exception exception) {
        KernelEntry entry = at.vcpu().entry();
        long code = exception.errorCode();
        return switch (exception.vector()) {
            case DEVICE_NOT_AVAILABLE -> {
                if (!entry.taskSwitched()) {
                    yield Outcome.of(at.row("pv.exception/a"), Answer.RESUMED);
                }
                Step cleared = at.withVcpu(at.vcpu().withEntry(entry.withTaskSwitched(false)));
                yield trap(
                        cleared.row("pv.exception/b"),
                        arrival,
                        exception.vector(),
                        Option.none(),
                        Option.none());
            }
            case PAGE_FAULT ->
                    trap(
                            at.row("pv.exception/c"),
                            arrival,
                            exception.vector(),
                            Option.some(entry.userMode() ? code | FAULT_USER : code & ~FAULT_USER),
                            Option.some(new GuestAddress(exception.cr2())));
            case 10, 11, 12, 13, 17 ->
                    trap(
                            at.row("pv.exception/d"),
                            arrival,
                            exception.vector(),
                            Option.some(code),
                            Option.none());
            case 0, 1, 3, 4, 5, 6, 16, 19 ->
                    trap(
                            at.row("pv.exception/e"),
                            arrival,
                            exception.vector(),
                            Option.none(),
                            Option.none());
            default ->
                    throw new IllegalArgumentException(
                            "no exception of a guest: " + exception.vector());
        };
    }

    private static Outcome trap(
            Step at,
            Arrival arrival,
            int vector,
            Option<Long> errorCode,
            Option<GuestAddress> cr2) {
        Option<TrapHandler> handler = at.vcpu().entry().handlers().get(vector);
        Target target =
                new Target(
                        handler.map(TrapHandler::address).getOrElse(0L),
                        handler.exists(TrapHandler::masksEvents),
                        errorCode,
                        cr2,
                        false);
        return Bounce.enter(at, arrival.registers(), arrival.upcallMask(), target);
    }

    private static Arrival at(Arrival arrival, long rip) {
        GuestRegisters r = arrival.registers();
        return new Arrival(
                new GuestRegisters(
                        r.rax(), r.rcx(), r.r11(), rip, r.cs(), r.rflags(), r.rsp(), r.ss()),
                arrival.upcallMask(),
                arrival.upcallPending(),
                arrival.cause());
    }

    /// Does `int n`.
    ///
    /// | row | the vector                                      | outcome                             |
    /// |-----|-------------------------------------------------|-------------------------------------|
    /// | a   | is 3 or 4                                       | as the exception, behind it         |
    /// | b   | is 0x80, and has a handler                      | the kernel is entered, behind it    |
    /// | c   | may not be raised in this mode                  | general protection, at it           |
    /// | d   | may be raised in this mode                      | the kernel is entered, 2 bytes on   |
    ///
    /// The kernel may raise what has privilege 1 to 3, user mode what has privilege 3; a vector
    /// without handler has privilege 0. For 3, 4 and 0x80 nobody is asked, since the processor does
    /// not fault. The error code of row c is 8 times the vector, plus 2. 0x80 without a handler is
    /// as any other, 2 bytes before its end.
    ///
    /// @xen xen/arch/x86/traps.c, do_general_protection
    /// @xen xen/arch/x86/x86_64/entry.S, entry_int80
    @Clause(
            value = "pv.interrupt",
            rows = {"a", "b", "c", "d"})
    private static Outcome interrupt(Step at, Arrival arrival, Arrival.Interrupt interrupt) {
        int vector = interrupt.vector();
        Arrival behind = at(arrival, interrupt.next());
        if (vector == BREAKPOINT || vector == OVERFLOW) {
            return exception(at.row("pv.interrupt/a"), behind, new Arrival.Exception(vector, 0, 0));
        }
        KernelEntry entry = at.vcpu().entry();
        Option<TrapHandler> handler = entry.handlers().get(vector);
        if (vector == LINUX_SYSCALL && handler.exists(h -> h.address() != 0)) {
            return trap(at.row("pv.interrupt/b"), behind, vector, Option.none(), Option.none());
        }
        long start =
                vector == LINUX_SYSCALL
                        ? interrupt.next() - INSTRUCTION_BYTES
                        : arrival.registers().rip();
        int privilege = handler.map(TrapHandler::privilege).getOrElse(0);
        if (privilege < (entry.userMode() ? USER_PRIVILEGE : KERNEL_PRIVILEGE)) {
            return exception(
                    at.row("pv.interrupt/c"),
                    at(arrival, start),
                    new Arrival.Exception(GENERAL_PROTECTION, 8L * vector | ERROR_IDT, 0));
        }
        return trap(
                at.row("pv.interrupt/d"),
                at(arrival, start + INSTRUCTION_BYTES),
                vector,
                Option.none(),
                Option.none());
    }

    /// Does `syscall` of 64-bit user mode.
    ///
    /// | row | the kernel           | outcome                                             |
    /// |-----|----------------------|-----------------------------------------------------|
    /// | a   | has no callback      | an invalid opcode, at the instruction               |
    /// | b   | has one              | it is entered there                                 |
    ///
    /// Of the flags that are left, only those go on that are set in the address of the frame too.
    /// Xen means to clear the direction flag in row b and no other, and none in row a, by a mask in
    /// a register that the frame's address has overwritten by then; so the kernel can be entered
    /// with the direction flag set. (Seen in the code of Debian's Xen.)
    ///
    /// @xen xen/arch/x86/x86_64/entry.S, switch_to_kernel
    @Clause(
            value = "pv.user-syscall",
            rows = {"a", "b"})
    private static Outcome userSyscall(Step at, Arrival arrival) {
        KernelEntry entry = at.vcpu().entry();
        if (!entry.userMode()) {
            throw new IllegalArgumentException("a kernel's syscall is a hypercall");
        }
        Callback callback = entry.callback(CallbackType.SYSCALL);
        if (callback.address() == 0) {
            Option<TrapHandler> invalid = entry.handlers().get(INVALID_OPCODE);
            return Bounce.enter(
                    at.row("pv.user-syscall/a"),
                    at(arrival, arrival.registers().rip() - INSTRUCTION_BYTES).registers(),
                    arrival.upcallMask(),
                    new Target(
                            invalid.map(TrapHandler::address).getOrElse(0L),
                            invalid.exists(TrapHandler::masksEvents),
                            Option.none(),
                            Option.none(),
                            true));
        }
        return Bounce.enter(
                at.row("pv.user-syscall/b"),
                arrival.registers(),
                arrival.upcallMask(),
                new Target(
                        callback.address(),
                        callback.masksEvents(),
                        Option.none(),
                        Option.none(),
                        true));
    }

    /// Looks whether events are pending before a vCPU goes on.
    ///
    /// | row | the guest                              | outcome                                   |
    /// |-----|----------------------------------------|-------------------------------------------|
    /// | a   | masks events, or none is pending       | goes on                                   |
    /// | b   | does not mask them, and some are       | the kernel is entered, events masked      |
    ///
    /// @xen xen/arch/x86/x86_64/entry.S, test_guest_events
    @Clause(
            value = "pv.upcall",
            rows = {"a", "b"})
    private static Outcome upcall(Step at, Arrival arrival) {
        if (arrival.upcallMask() != 0 || !arrival.upcallPending()) {
            return Outcome.of(at.row("pv.upcall/a"), Answer.RESUMED);
        }
        long handler = at.vcpu().entry().callback(CallbackType.EVENT).address();
        return Bounce.enter(
                at.row("pv.upcall/b"),
                arrival.registers(),
                arrival.upcallMask(),
                Target.of(handler, true));
    }
}
