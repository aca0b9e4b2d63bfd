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
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.WritablePageTables;

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
            CallJudge judge = new CallJudge(machine, Check.FULL, GuestCalls.DIRECT);
            Ending ending = machine.run(LIMIT);
            assertEquals(Ending.POWEROFF, ending.reason(), ending.text());
            judge.finish();
            // Two of them are writes to a page table.
            assertEquals(10, judge.judged());
            assertEquals(0, judge.unjudged());
        }
    }

    private static long judged(Check check) throws Exception {
        String arguments =
                "units=3 kernels=no-call+mmu-update-1+mmu-update-256+update-va-mapping+table-write"
                        + "+pin-unpin+page-fault+new-baseptr+user-syscall";
        try (PvMachine machine = start(Kernels.bench(), arguments, MEDIUM)) {
            CallJudge judge = new CallJudge(machine, check, GuestCalls.DIRECT);
            Ending ending = machine.run(LIMIT);
            assertEquals(Ending.POWEROFF, ending.reason(), ending.text());
            judge.finish();
            assertEquals(0, judge.unjudged());
            long made =
                    machine.statistics().hypercalls()
                            - machine.statistics().hypercalls(HypercallNumbers.IRET)
                            - machine.statistics().hypercalls(HypercallNumbers.CONSOLE_IO)
                            - machine.statistics().hypercalls(HypercallNumbers.SCHED_OP)
                            + machine.statistics().tableWrites();
            assertEquals(
                    check != Check.SAMPLED, judge.judged() == made, judge.judged() + " of " + made);
            return judge.judged();
        }
    }

    /// Page tables written to by the guest and by its processor in between are no difference.
    @Test
    void aSampleIsJudgedInTheMidstOfOthers() throws Exception {
        long all = judged(Check.FULL);
        long some = judged(Check.SAMPLED);
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
            CallJudge judge = new CallJudge(machine, Check.FULL, calls);
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

    /// Where errors are put in: behind the calls after which all frames are looked at.
    private static final int LATE = 1000;

    private static final String MANY = "batches=1 units=60 kernels=mmu-update-1";

    /// What goes wrong once, after a call of many.
    private static String foundLate(Check check, int number, Tampering tampering) throws Exception {
        int[] made = {0, 0};
        GuestCalls wrong =
                (by, registers) -> {
                    long call = registers.rax;
                    GuestCalls.DIRECT.call(by, registers);
                    made[1]++;
                    if (call == number && ++made[0] == LATE) {
                        tampering.tamper(by, registers);
                        made[1] = 0;
                    }
                };
        try (PvMachine machine = start(Kernels.bench(), MANY, SMALL)) {
            CallJudge judge = new CallJudge(machine, check, wrong);
            CallDiffersException differs =
                    assertThrows(
                            CallDiffersException.class,
                            () -> {
                                machine.run(LIMIT);
                                judge.finish();
                            });
            assertTrue(made[0] >= LATE, () -> "only " + made[0] + " calls");
            int distance = machine.host().frames().size() / CallJudge.IN_TURN + 1;
            assertTrue(made[1] <= distance, () -> made[1] + " calls later, not " + distance);
            return (made[1] == 0 ? "at once: " : "later: ") + differs.getMessage();
        }
    }

    private static void foundLate(String when, String what, Tampering tampering) throws Exception {
        String found = foundLate(Check.FULL, HypercallNumbers.MMU_UPDATE, tampering);
        assertTrue(found.startsWith(when) && found.contains(what), found);
        String exact = foundLate(Check.EXACT, HypercallNumbers.MMU_UPDATE, tampering);
        assertTrue(exact.startsWith("at once: ") && exact.contains(what), exact);
    }

    /// A frame that no call of the benchmark names: the domain's last.
    private static long remote(Vcpu by) {
        FrameTable frames = by.host().frames();
        int mfn = frames.size() - 1;
        while (frames.owner(mfn) != by.domain().id() || frames.count(mfn) >= 0) {
            mfn--;
        }
        return mfn;
    }

    @Test
    void aReferenceOnAFrameThatTheCallDoesNotName() throws Exception {
        foundLate(
                "later: ",
                ": general references: specification ",
                (by, _) -> by.host().frames().getMore(remote(by)));
    }

    @Test
    void aTypeOfAFrameThatTheCallDoesNotName() throws Exception {
        foundLate(
                "later: ",
                ": type: specification none, implementation writable",
                (by, _) -> by.host().frames().holdOutside(remote(by), 0, 77));
    }

    @Test
    void aWrongGuestFrameNumber() throws Exception {
        foundLate(
                "later: ",
                ": machine-to-physical: specification ",
                (by, _) ->
                        by.host()
                                .memory()
                                .setWord(
                                        by.host().machineToPhysicalTable() + (remote(by) << 3),
                                        0x55));
    }

    @Test
    void anEntryOfATableThatTheCallDoesNotName() throws Exception {
        foundLate(
                "at once: ",
                " slot 5: entry: specification 0x0, implementation 0x5000",
                (by, _) -> by.host().memory().setWord((by.root() << 12) + 40, 0x5000));
    }

    /// What a call writes past its entry is seen.
    @Test
    void theEntryBesideTheOneThatTheCallNames() throws Exception {
        foundLate(
                "at once: ",
                ": entry: specification ",
                (by, registers) -> {
                    long[] place = new long[1];
                    by.guest().read(registers.rdi, place, 8);
                    by.host().memory().setWord((place[0] & -8L) ^ 8, 0x1234_5000);
                });
    }

    @Test
    void aFieldOfTheDomain() throws Exception {
        foundLate("at once: ", "kernel entry: ", (by, _) -> by.entry().taskSwitched ^= true);
        foundLate("later: ", "kernel entry: ", (by, _) -> by.entry().failsafeCallback += 8);
    }

    @Test
    void aWrongAnswerLate() throws Exception {
        foundLate(
                "at once: ",
                "answer: specification Returned[value=0], implementation rax=1 ",
                (_, registers) -> registers.rax++);
    }

    /// What is wrong is found before what is not judged hides it.
    @Test
    void anErrorBeforeWhatIsNotJudged() throws Exception {
        int[] made = {0};
        GuestCalls wrong =
                (by, registers) -> {
                    GuestCalls.DIRECT.call(by, registers);
                    // The last of those in a row that are judged, but for some.
                    if (++made[0] == CallJudge.OUT_OF + CallJudge.IN_A_ROW - 5) {
                        by.host().frames().getMore(remote(by));
                    }
                };
        String many = "batches=1 units=100 kernels=mmu-update-1";
        try (PvMachine machine = start(Kernels.bench(), many, SMALL)) {
            CallJudge judge = new CallJudge(machine, Check.SAMPLED, wrong);
            CallDiffersException differs =
                    assertThrows(CallDiffersException.class, () -> machine.run(LIMIT));
            String message = String.valueOf(differs.getMessage());
            assertTrue(message.contains(": general references: specification "), message);
            assertTrue(made[0] <= CallJudge.OUT_OF + CallJudge.IN_A_ROW, made[0] + " calls");
            assertTrue(judge.judged() > 0);
        }
    }

    /// Writes to tables that are carried out in the guest's stead.
    private static void writesFound(String what, TableWriting writing) throws Exception {
        GuestCalls wrong =
                new GuestCalls() {
                    @Override
                    public void call(Vcpu by, Registers registers) {
                        GuestCalls.DIRECT.call(by, registers);
                    }

                    @Override
                    public int write(
                            Vcpu by,
                            long cr2,
                            long linear,
                            int bytes,
                            long value,
                            boolean compares,
                            long expected) {
                        return writing.write(by, cr2, linear, bytes, value, compares, expected);
                    }
                };
        foundIn(wrong, what);
    }

    /// See [GuestCalls#write].
    private interface TableWriting {
        int write(
                Vcpu by,
                long cr2,
                long linear,
                int bytes,
                long value,
                boolean compares,
                long expected);
    }

    @Test
    void aWriteToATableThatIsDoneWrongly() throws Exception {
        writesFound(
                ": entry: specification ",
                (by, cr2, linear, bytes, value, compares, expected) ->
                        GuestCalls.DIRECT.write(
                                by, cr2, linear, bytes, value ^ 0x40, compares, expected));
        writesFound(
                "implementation: outcome 2",
                (by, cr2, linear, bytes, value, compares, expected) -> WritablePageTables.BOUNCED);
        writesFound(
                ": general references: specification ",
                (by, cr2, linear, bytes, value, compares, expected) -> {
                    by.host().frames().getMore(by.root());
                    return GuestCalls.DIRECT.write(
                            by, cr2, linear, bytes, value, compares, expected);
                });
    }
}
