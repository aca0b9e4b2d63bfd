// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.GuestCalls;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.mm.Vcpu;

/// The calls of a kernel that runs are judged, and each kind of error in them is seen.
final class CallJudgeTest {

    private static final long LIMIT = 3_000_000;
    private static final int SMALL = 1100;
    private static final int MEDIUM = 4096;

    private static PvMachine hello() throws Exception {
        return start(Kernels.hello(), "", SMALL);
    }

    private static PvMachine start(byte[] image, String arguments, long pages) throws Exception {
        return PvMachine.start(
                new PvKernel(image), new byte[0], arguments, pages, (_, _) -> {}, Kernels.clock());
    }

    @Test
    void everyCallIsJudged() throws Exception {
        try (PvMachine machine = hello()) {
            CallJudge judge = new CallJudge(machine, false, GuestCalls.DIRECT);
            Ending ending = machine.run(LIMIT);
            assertEquals(Ending.POWEROFF, ending.reason(), ending.text());
            judge.finish();
            assertEquals(8, judge.judged());
            assertEquals(0, judge.unjudged());
        }
    }

    private static long judged(boolean sampled) throws Exception {
        String arguments =
                "units=3 kernels=no-call+mmu-update-1+mmu-update-256+update-va-mapping+table-write"
                        + "+pin-unpin+page-fault+new-baseptr+user-syscall";
        try (PvMachine machine = start(Kernels.bench(), arguments, MEDIUM)) {
            CallJudge judge = new CallJudge(machine, sampled, GuestCalls.DIRECT);
            Ending ending = machine.run(LIMIT);
            assertEquals(Ending.POWEROFF, ending.reason(), ending.text());
            judge.finish();
            assertEquals(0, judge.unjudged());
            long made =
                    machine.statistics().hypercalls()
                            - machine.statistics().hypercalls(HypercallNumbers.IRET)
                            - machine.statistics().hypercalls(HypercallNumbers.CONSOLE_IO)
                            - machine.statistics().hypercalls(HypercallNumbers.SCHED_OP);
            assertEquals(!sampled, judge.judged() == made, judge.judged() + " of " + made);
            return judge.judged();
        }
    }

    /// Page tables written to by the guest and by its processor in between are no difference.
    @Test
    void aSampleIsJudgedInTheMidstOfOthers() throws Exception {
        long all = judged(false);
        long some = judged(true);
        assertTrue(some > 3 * 64 && some < all / 2, some + " of " + all);
    }

    /// What is done to a call after it was made.
    private interface Tampering {
        void tamper(Vcpu by, Registers registers);
    }

    private static void found(int number, String what, Tampering tampering) throws Exception {
        foundIn(
                (by, registers) -> {
                    long made = registers.rax;
                    GuestCalls.DIRECT.call(by, registers);
                    if (made == number) {
                        tampering.tamper(by, registers);
                    }
                },
                what);
    }

    private static void foundIn(GuestCalls calls, String what) throws Exception {
        try (PvMachine machine = hello()) {
            CallJudge judge = new CallJudge(machine, false, calls);
            CallDiffersException differs =
                    assertThrows(
                            CallDiffersException.class,
                            () -> {
                                machine.run(LIMIT);
                                judge.finish();
                            });
            String message = String.valueOf(differs.getMessage());
            assertTrue(message.startsWith("hypercall ") && message.contains(what), message);
        }
    }

    @Test
    void aWrongAnswer() throws Exception {
        found(
                HypercallNumbers.MMU_UPDATE,
                "answer: specification Returned[value=0], implementation rax=1 ",
                (_, registers) -> registers.rax++);
    }

    @Test
    void aCallToBeMadeAgain() throws Exception {
        found(HypercallNumbers.MMUEXT_OP, "to be made again", (_, registers) -> registers.rip -= 2);
    }

    @Test
    void aCallThatWasNotMade() throws Exception {
        foundIn(
                (by, registers) -> {
                    if (registers.rax == HypercallNumbers.MMU_UPDATE) {
                        registers.rax = 0;
                    } else {
                        GuestCalls.DIRECT.call(by, registers);
                    }
                },
                "row mm.");
    }

    @Test
    void aReferenceTooMany() throws Exception {
        found(
                HypercallNumbers.SET_TRAP_TABLE,
                ": general references: specification 4, implementation 5",
                (by, _) -> by.host().frames().getMore(by.root()));
    }

    @Test
    void anEntryOfATable() throws Exception {
        found(
                HypercallNumbers.STACK_SWITCH,
                " slot 5: entry: specification 0x0, implementation 0x5000",
                (by, _) -> by.host().memory().setWord((by.root() << 12) + 40, 0x5000));
    }

    @Test
    void whereTheKernelIsEntered() throws Exception {
        found(
                HypercallNumbers.STACK_SWITCH,
                "d0v0: kernel entry: specification KernelEntry[handlers=",
                (by, _) -> by.entry().kernelStack += 16);
        found(
                HypercallNumbers.SET_CALLBACKS,
                "callbacks=HashMap((SYSCALL, ",
                (by, _) -> by.entry().syscallCallback = 0);
    }

    @Test
    void aWordWrittenToTheCaller() throws Exception {
        found(
                HypercallNumbers.MMU_UPDATE,
                "written to the caller: specification List(), implementation {",
                (by, registers) -> by.guest().write(registers.rdi, 0, 8));
    }
}
