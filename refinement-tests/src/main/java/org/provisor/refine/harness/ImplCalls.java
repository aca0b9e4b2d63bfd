// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.mm.DomainDeath;
import org.provisor.impl.mm.LdtMapping;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuRunner;
import org.provisor.impl.mm.WritablePageTables;
import org.provisor.impl.pv.PvEntry;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.Answer;
import org.provisor.spec.transition.Event;

/// Has the implementation do things, and compares what it answers. All that is known of how it is
/// called is here.
public final class ImplCalls {

    /// Where the instruction that makes a call ends.
    private static final long RIP = 0x40_0002;

    private static final int SYSCALL_BYTES = 2;

    /// How the last thing ended.
    private enum Ending {
        RETURNED,
        CONTINUED,
        AGAIN,
        RESUMED,
        PAGE_FAULT,
        READ_FAULT,
        GENERAL_PROTECTION,
        COMPARE_FAILED,
        ENTERED,
        CRASHED,
        SHUT_DOWN,
        NOT_DONE
    }

    private final org.provisor.impl.hypercall.Registers registers =
            new org.provisor.impl.hypercall.Registers();

    private final ImplEntry entered = new ImplEntry();

    private final Runner runner = new Runner();

    /// Runs nobody, and notes whether the domain shuts down.
    private static final class Runner implements VcpuRunner {

        private boolean shutDown;

        @Override
        public void start(Vcpu who, long[] context) {}

        @Override
        public void changed() {}

        @Override
        public void shutDown() {
            shutDown = true;
        }
    }

    private Ending ending = Ending.NOT_DONE;

    /// What was returned, the address of a page fault, an error code, or what a compare found.
    private long value;

    /// Has something done, once.
    ///
    /// @param before what stands in the registers, for a call
    public void take(Vcpu by, Event event, @Nullable Registers before) {
        switch (event) {
            case Event.Call _ -> call(by, before);
            case Event.Destroy(var domain) -> {
                by.begin();
                value = DomainDeath.destroy(by, domain.value());
                ending = value == -Errno.ERESTART ? Ending.AGAIN : Ending.RETURNED;
            }
            case Event.LoadDescriptor(int offset) -> load(by, offset);
            case Event.WriteReadOnly(GuestWrite write) -> write(by, write);
            case Event.Arrive(Arrival arrival) -> arrive(by, arrival);
        }
    }

    private void arrive(Vcpu by, Arrival arrival) {
        by.begin();
        entered.begin(arrival);
        ending =
                switch (entered.take(by, arrival.cause())) {
                    case PvEntry.ENTERED -> Ending.ENTERED;
                    case PvEntry.CRASHED -> Ending.CRASHED;
                    default -> Ending.RESUMED;
                };
    }

    private void call(Vcpu by, @Nullable Registers before) {
        if (before == null) {
            throw new IllegalArgumentException("a call needs registers");
        }
        registers.rax = before.rax();
        registers.rdi = before.arg1();
        registers.rsi = before.arg2();
        registers.rdx = before.arg3();
        registers.r10 = before.arg4();
        registers.r8 = before.arg5();
        registers.rip = RIP;
        runner.shutDown = false;
        by.domain().runBy(runner);
        HypercallTable.call(by, registers);
        ending = registers.rip == RIP ? Ending.RETURNED : Ending.CONTINUED;
        if (runner.shutDown) {
            ending = Ending.SHUT_DOWN;
        }
        value = registers.rax;
    }

    private void load(Vcpu by, int offset) {
        by.begin();
        switch (LdtMapping.map(by, offset)) {
            case LdtMapping.MAPPED -> ending = Ending.RESUMED;
            case LdtMapping.PAGE_FAULT -> {
                ending = Ending.PAGE_FAULT;
                value = by.ldtBase() + offset;
            }
            default -> {
                ending = Ending.GENERAL_PROTECTION;
                value = LdtMapping.errorCode(offset);
            }
        }
    }

    private void write(Vcpu by, GuestWrite write) {
        by.begin();
        Option<Long> expected = write.expected();
        int outcome =
                WritablePageTables.write(
                        by,
                        write.cr2().value(),
                        write.address().value(),
                        write.bytes(),
                        write.value(),
                        expected.isDefined(),
                        expected.getOrElse(0L));
        switch (outcome) {
            case WritablePageTables.EMULATED -> ending = Ending.RESUMED;
            case WritablePageTables.COMPARE_FAILED -> {
                ending = Ending.COMPARE_FAILED;
                value = by.found();
            }
            case WritablePageTables.READ_FAULT -> {
                ending = Ending.READ_FAULT;
                value = by.found();
            }
            case WritablePageTables.BOUNCED -> {
                ending = Ending.PAGE_FAULT;
                value = write.cr2().value();
            }
            default -> ending = Ending.NOT_DONE;
        }
    }

    /// Whether what was done is to be done again.
    public boolean again() {
        return ending == Ending.CONTINUED || ending == Ending.AGAIN;
    }

    /// Whether an error was returned, or the guest got a page fault.
    public boolean refused() {
        return switch (ending) {
            case RETURNED -> value < 0;
            case PAGE_FAULT, READ_FAULT, CRASHED -> true;
            case CONTINUED,
                    AGAIN,
                    RESUMED,
                    GENERAL_PROTECTION,
                    COMPARE_FAILED,
                    ENTERED,
                    SHUT_DOWN,
                    NOT_DONE ->
                    false;
        };
    }

    /// What stands in the registers after a call.
    public Registers after(Registers before) {
        return new Registers(
                before.bitness(),
                registers.rax,
                registers.rdi,
                registers.rsi,
                registers.rdx,
                registers.r10,
                registers.r8,
                before.arg6());
    }

    @Override
    public String toString() {
        return inWords();
    }

    /// Compares the answer.
    ///
    /// @param before what stood in the registers, for a call
    public @Nullable Difference compare(Answer answer, @Nullable Registers before) {
        return switch (answer) {
            case Answer.Returned(long returned) -> ended(answer, Ending.RETURNED, returned);
            case Answer.Continued(Invocation call) -> continued(answer, call, before);
            case Answer.Again _ -> ended(answer, Ending.AGAIN, value);
            case Answer.Resumed _ -> ended(answer, Ending.RESUMED, value);
            case Answer.PageFault(var address) -> ended(answer, Ending.PAGE_FAULT, address.value());
            case Answer.ReadFault(var address) -> ended(answer, Ending.READ_FAULT, address.value());
            case Answer.GeneralProtection(int code) ->
                    ended(answer, Ending.GENERAL_PROTECTION, code);
            case Answer.CompareFailed(long found) -> ended(answer, Ending.COMPARE_FAILED, found);
            case Answer.Entered at ->
                    ending == Ending.ENTERED ? entered.compare(at) : differs("answer", answer);
            case Answer.Crashed(String why) ->
                    ending == Ending.CRASHED && entered.crash().equals(why)
                            ? null
                            : differs("answer", answer);
            case Answer.ShutDown _ -> ended(answer, Ending.SHUT_DOWN, value);
            // What the specification says nothing of can be answered in any way.
            case Answer.Unspecified _ -> null;
            case Answer.NotAllowed(String why) -> new Difference("choice", why);
        };
    }

    private @Nullable Difference ended(Answer answer, Ending specified, long with) {
        return ending == specified && value == with ? null : differs("answer", answer);
    }

    private @Nullable Difference continued(
            Answer answer, Invocation call, @Nullable Registers before) {
        if (before == null || ending != Ending.CONTINUED) {
            return differs("answer", answer);
        }
        Registers again = CallingConvention.encode(call, before);
        boolean same =
                again.rax() == registers.rax
                        && again.arg1() == registers.rdi
                        && again.arg2() == registers.rsi
                        && again.arg3() == registers.rdx
                        && again.arg4() == registers.r10
                        && again.arg5() == registers.r8
                        && registers.rip == RIP - SYSCALL_BYTES;
        return same
                ? null
                : new Difference(
                        "answer: registers",
                        "specification " + again + ", implementation " + text());
    }

    private Difference differs(String part, Answer answer) {
        return new Difference(part, "specification " + answer + ", implementation " + inWords());
    }

    private String inWords() {
        return switch (ending) {
            case RETURNED -> "Returned[value=" + value + "]";
            case CONTINUED -> "continued: " + text();
            case AGAIN, RESUMED, SHUT_DOWN, NOT_DONE -> ending.name();
            case CRASHED -> "Crashed[why=" + entered.crash() + "]";
            case ENTERED -> entered.toString();
            case PAGE_FAULT, READ_FAULT, GENERAL_PROTECTION, COMPARE_FAILED ->
                    ending.name() + " 0x" + Long.toHexString(value);
        };
    }

    private String text() {
        return "rax="
                + Long.toHexString(registers.rax)
                + " arg1="
                + Long.toHexString(registers.rdi)
                + " arg2="
                + Long.toHexString(registers.rsi)
                + " arg3="
                + Long.toHexString(registers.rdx)
                + " arg4="
                + Long.toHexString(registers.r10)
                + " arg5="
                + Long.toHexString(registers.r8)
                + " rip="
                + Long.toHexString(registers.rip);
    }
}
