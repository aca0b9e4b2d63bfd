// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The harness can fail: each part of a machine or of an answer that is wrong is found, and named.
final class TamperingTest {

    /// A tree that runs, a table that is left, a descriptor table; nothing free was ever used.
    private static final String START =
            """
            world frames=64 devices=1 processors=2 linear
            domain d0 pages=4 shared=1 max=16 vcpus=1 privileged devices ports
            domain d1 pages=24 shared=1 max=32 vcpus=2

            d1 fill d1.1[0] = d1.4:0x67
            d1 fill d1.1[3] = d1.5:0x65
            d1 fill d1.2[0] = d1.1:0x67
            d1 fill d1.3[0] = d1.2:0x67
            d1 fill d1.0[0] = d1.3:0x67
            d1 poke 0x640000100000 = 2
            d1 poke 0x640000100008 = d1.3
            d1 poke 0x640000100018 = 5
            d1 poke 0x640000100020 = d1.0
            d1v0 mmuext_op 0x640000100000 2 0x640000101000 0x7ff0
            d1 poke 0x640000100030 = d1.6
            d1v0 set_gdt 0x640000100030 0x100
            """;

    /// Touches nothing.
    private static final String NOTHING = "d1v0 hypercall 0x63";

    private final Subject subject = new ImplSubject(Switches.ALL);

    @AfterEach
    void close() {
        subject.close();
    }

    /// Something wrong.
    private interface Wrong {
        void with(Tampering tampering);
    }

    // What is seen after the next step, whatever that is.

    @TestFactory
    Stream<DynamicTest> isFoundAtOnce() {
        return Stream.of(
                atOnce("frame: general references", t -> t.addCount(mfn(4), 1)),
                atOnce("frame: allocated", t -> t.flipCount(mfn(9), FrameTable.ALLOCATED)),
                atOnce("frame: special", t -> t.flipCount(mfn(9), FrameTable.SPECIAL)),
                atOnce("frame: at rest", t -> t.flipCount(mfn(9), 1L << 58)),
                atOnce("frame: at rest", t -> t.flipType(mfn(1), FrameTable.LOCKED)),
                atOnce("frame: type", t -> t.flipType(mfn(9), Tampering.type(1))),
                atOnce("frame: type references", t -> t.flipType(mfn(4), 2)),
                atOnce("frame: validity", t -> t.flipType(mfn(1), FrameTable.VALIDATED)),
                atOnce("frame: pinned", t -> t.flipType(mfn(3), FrameTable.PINNED)),
                atOnce("domain: frames", t -> t.set(t.domain(1), "totPages", 25L)),
                atOnce("domain: claim", t -> t.set(t.domain(1), "claim", 1L)),
                atOnce("domain: life", t -> t.set(t.domain(1), "life", 1)),
                atOnce("domain: assists", t -> t.set(t.domain(1), "assists", 4L)),
                atOnce("domain: teardown stage", t -> t.set(t.domain(1), "teardownStage", 1)),
                atOnce("vcpu: root", t -> t.set(t.vcpu(1, 0), "root", mfn(9))),
                atOnce("vcpu: user root", t -> t.set(t.vcpu(1, 1), "userRoot", mfn(0))),
                atOnce("vcpu: local table", t -> t.set(t.vcpu(1, 0), "ldtBase", 4096L)),
                atOnce("vcpu: local table", t -> t.set(t.vcpu(1, 0), "ldtEntries", 1)),
                atOnce("vcpu: global table", t -> t.set(t.vcpu(1, 0), "gdtEntries", 1)),
                atOnce("vcpu: unfinished table", t -> t.set(t.vcpu(1, 1), "oldTable", mfn(9))));
    }

    // What is seen at the end.

    @TestFactory
    Stream<DynamicTest> isFoundAtTheEnd() {
        return Stream.of(
                atTheEnd("frame: owner", t -> t.setOwner(mfn(9), 0)),
                atTheEnd("frame: machine-to-physical", t -> t.flipWord(0, (int) mfn(9), 1)),
                atTheEnd("frame: entries checked", t -> t.addProgress(mfn(2), 2)),
                atTheEnd("frame: partial entry", t -> t.addProgress(mfn(2), 1)),
                atTheEnd("frame: linear entries", t -> t.addLinear(mfn(2), -1)),
                atTheEnd("frame: entry", t -> t.flipWord(mfn(1), 3, 2)),
                atTheEnd("frame: entry", t -> t.flipWord(mfn(6), 511, 1)),
                atTheEnd("frame: entry", t -> t.flipWord(mfn(0), 257, 1)),
                atTheEnd(
                        "frame: shows machine-to-physical",
                        t -> t.flipWord(mfn(0), 256, t.host().machineToPhysicalEntry())),
                atTheEnd("memory: word", t -> t.flipWord(mfn(9), 7, 1)),
                atTheEnd("memory: word", t -> t.flipWord(1, 0, 1)),
                atTheEnd("domain: memory map", t -> t.set(t.domain(1), "memoryMapRanges", 1)),
                atTheEnd("domain: target", t -> t.setTarget(1, 0)),
                atTheEnd("domain: limit", t -> t.set(t.domain(1), "maxPages", 33L)),
                atTheEnd("vcpu: local table", t -> t.setFrame(t.vcpu(1, 1), "ldtFrames", 3, 9)),
                atTheEnd("vcpu: handlers", t -> t.vcpu(1, 0).entry().setHandler(3, 4096, 3, 0)),
                atTheEnd("vcpu: handlers", t -> t.vcpu(1, 1).entry().setHandler(255, 0, 0, 4)),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().kernelStack = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().kernelStackSegment = 3),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().eventCallback = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().failsafeMasks = true),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().syscallMasks = true),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().syscall32Callback = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().sysenterCallback = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().taskSwitched = true),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().fsBase = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().gsBaseUser = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().gsBaseKernel = 8),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().ioPrivilege = 0x1000),
                atTheEnd("vcpu: kernel entry", t -> t.vcpu(1, 0).entry().userMode = true),
                atTheEnd("vcpu: global table", t -> t.setFrame(t.vcpu(1, 0), "gdtFrames", 0, 9)),
                atTheEnd("machine: claimed frames", t -> t.host().allocator().addClaimed(1)),
                atTheEnd("machine: free frames", t -> t.host().allocator().allocate(0, 40, 0)),
                atTheEnd("machine: profile", t -> t.host().readOnlyDevices().add(9)),
                atTheEnd("reply: value", t -> t.calls(1).pages().write(0x6400_0010_0777L, 1, 1)),
                atTheEnd("reply: value", t -> t.calls(0).pages().write(0x10_2FFF, 1, 1)));
    }

    @Test
    void frameWhoseRecordChangesIsComparedWhole() {
        // The owner is wrong, which is no part of a word that is looked at after each step.
        ImplRun run = started(START);
        new Tampering(run).setOwner(mfn(5), 0);
        differs("frame: owner", perform(run, "d1v0 update_va_mapping 0x3000 0"));
    }

    @Test
    void storedWordIsComparedAtOnce() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        GuestMemory calls = tampering.calls(1);
        tampering.vcpu(1, 0).setGuestMemory(new Reading(calls, words -> words[1] ^= 1L << 5));
        differs(
                "memory: word",
                perform(
                        run,
                        "d1 poke 0x640000100100 = d1.1:0x20",
                        "d1 poke 0x640000100108 = d1.5:0x65",
                        "d1v0 mmu_update 0x640000100100 1 0 0x7ff0"));
    }

    @Test
    void domainThatIsGoneIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        tampering.forget(1);
        differs("domain: there", perform(run, NOTHING));
    }

    @Test
    void teardownThatHasComeFurtherIsFound() {
        ImplRun run = started(START + "d0 destroy d1 preempt=3 attempts=1\n");
        Tampering tampering = new Tampering(run);
        tampering.set(tampering.domain(1), "teardownNext", mfn(23));
        differs("domain: teardown visited", run.finish());
    }

    @Test
    void invariantIsAskedOfTheSpecification() {
        ImplRun run = started(START);
        Mfn mfn = new Mfn(mfn(9));
        Frame frame = run.machine.frame(mfn);
        run.machine = run.machine.with(mfn, frame.withRefs(2));
        new Tampering(run).addCount(mfn.value(), 1);
        differs("invariant: I1", run.finish());
    }

    // What is seen in the step itself.

    @Test
    void answerIsCompared() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        GuestMemory calls = tampering.calls(1);
        tampering.vcpu(1, 0).setGuestMemory(new Reading(calls, words -> words[0] = 99));
        differs("answer", perform(run, "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void preemptionIsCompared() {
        ImplRun run = started(START);
        new Tampering(run).vcpu(1, 0).setPreemption(() -> true);
        differs(
                "answer",
                perform(
                        run,
                        "d1 poke 0x640000100000 = 6",
                        "d1 poke 0x640000100018 = 6",
                        "d1v0 mmuext_op 0x640000100000 2 0 0x7ff0"));
    }

    private static boolean twice(WorkMeter meter) {
        boolean first = meter.due();
        boolean second = meter.due();
        return first || second;
    }

    @Test
    void checksAreCounted() {
        ImplRun run = started(START);
        WorkMeter meter = run.boot().meter;
        new Tampering(run).vcpu(1, 0).setPreemption(() -> twice(meter));
        differs(
                "preemption: checks",
                perform(
                        run,
                        "d1 poke 0x640000100000 = 6",
                        "d1 poke 0x640000100018 = 6",
                        "d1v0 mmuext_op 0x640000100000 2 0 0x7ff0 preempt=9"));
    }

    @Test
    void replyThatIsNotWrittenIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        tampering.vcpu(1, 0).setGuestMemory(new Writing(tampering.calls(1), 0, 0));
        differs(
                "reply: place",
                perform(run, "d1v0 mmuext_op 0x640000100000 0 0x640000101000 0x7ff0"));
    }

    @Test
    void replyWithWrongValueIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        tampering.vcpu(1, 0).setGuestMemory(new Writing(tampering.calls(1), 1, 1));
        differs(
                "reply: value",
                perform(run, "d1v0 mmuext_op 0x640000100000 0 0x640000101000 0x7ff0"));
    }

    @Test
    void replyThatIsTooLongIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        tampering.vcpu(1, 0).setGuestMemory(new Writing(tampering.calls(1), 2, 0));
        differs(
                "reply: place",
                perform(run, "d1v0 mmuext_op 0x640000100000 0 0x640000101000 0x7ff0"));
    }

    @Test
    void workBetweenChecksIsBounded() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        GuestMemory calls = tampering.calls(1);
        long[] scratch = new long[16];
        tampering
                .vcpu(1, 0)
                .setGuestMemory(
                        new Reading(
                                calls,
                                words -> {
                                    for (int i = 0; i < 64; i++) {
                                        calls.read(0x6400_0010_0000L, scratch, 8);
                                    }
                                }));
        differs(
                "work: between checks",
                perform(
                        run,
                        "d1 poke 0x640000100000 = 6",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void exceptionIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        GuestMemory calls = tampering.calls(1);
        tampering
                .vcpu(1, 0)
                .setGuestMemory(
                        new Reading(
                                calls,
                                words -> {
                                    throw new IllegalStateException("on purpose");
                                }));
        differs(
                "implementation: IllegalStateException",
                perform(run, "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void frameThatIsNotGivenWhileThereIsOneIsNotAllowed() {
        ImplRun run = started(START);
        run.boot().host.setFrameSource((order, bits, claim) -> FrameAllocator.NONE);
        differs("choice", perform(run, INCREASE));
    }

    @Test
    void staleBytesInNewMemoryAreFound() {
        ImplRun run = started(START);
        assertAgreed(
                perform(
                        run,
                        "d1 poke 0x640000100100 = 0x640000100200",
                        "d1 poke 0x640000100108 = 1",
                        "d1 poke 0x640000100118 = 0x7ff0",
                        "d1 poke 0x640000100200 = d1.9",
                        "d1v0 memory_op decrease_reservation 0x640000100100"));
        new Tampering(run).markAsNew(mfn(9));
        Verdict last = null;
        for (int i = 0; i < 40 && !(last instanceof Verdict.Differs); i++) {
            last = perform(run, INCREASE);
        }
        differs("memory: word", last);
    }

    // Flushes.

    @Test
    void flushesThatAGuestAsksForAreSeen() {
        String list =
                """
                d1 poke 0x640000100000 = %s
                d1 poke 0x640000100008 = 0x3000
                d1v1 mmuext_op 0x640000100000 1 0 0x7ff0\
                """;
        differs("flush: all translations", unflushed(list.formatted("6").split("\n")));
        differs("flush: all translations", unflushed(list.formatted("0xa").split("\n")));
        differs("flush: one translation", unflushed(list.formatted("7").split("\n")));
        differs("flush: one translation", unflushed(list.formatted("0xb").split("\n")));
        differs(
                "flush: data caches",
                unflushed(
                        "d0 poke 0x640000100000 = 0xc",
                        "d0v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void flushBeforeAWritableFrameBecomesATableIsSeen() {
        differs(
                "flush: change of type",
                unflushed(
                        "d1v0 update_va_mapping 0 0",
                        "d1 poke 0x640000100000 = 0",
                        "d1 poke 0x640000100008 = d1.4",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void flushBeforeATableBecomesWritableIsSeen() {
        differs(
                "flush: change of type",
                unflushed(
                        "d1 poke 0x640000100000 = 0",
                        "d1 poke 0x640000100008 = d1.9",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0",
                        "d1 poke 0x640000100000 = 4",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0",
                        "d1v0 update_va_mapping 0x5000 d1.9:0x67"));
    }

    @Test
    void flushBeforeAFrameGetsANewOwnerIsSeen() {
        List<String> steps =
                new ArrayList<>(
                        List.of(
                                "d1 poke 0x640000100100 = 0x640000100200",
                                "d1 poke 0x640000100108 = 1",
                                "d1 poke 0x640000100118 = 0x7ff0",
                                "d1 poke 0x640000100200 = d1.9",
                                "d1v0 memory_op decrease_reservation 0x640000100100"));
        steps.addAll(Arrays.asList(INCREASE));
        differs("flush: change of owner", unflushed(steps.toArray(String[]::new)));
    }

    @Test
    void flushThatWasMadeInBetweenIsNotOwed() {
        ImplRun run = started(START);
        assertAgreed(
                perform(
                        run,
                        "d1v0 update_va_mapping 0 0",
                        "d1 poke 0x640000100000 = 0xa",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
        new Tampering(run).stopFlushing();
        assertAgreed(
                perform(
                        run,
                        "d1 poke 0x640000100000 = 0",
                        "d1 poke 0x640000100008 = d1.4",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void needlessFlushIsFound() {
        ImplRun run = started(START);
        Tampering tampering = new Tampering(run);
        FlushLog log = run.boot().flushes;
        tampering.vcpu(1, 0).setGuestMemory(new Reading(tampering.calls(1), words -> log.flush(1)));
        differs(
                "flush: needless",
                perform(
                        run,
                        "d1 poke 0x640000100000 = 4",
                        "d1 poke 0x640000100008 = d1.9",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    @Test
    void flushOnAnotherProcessorIsNone() {
        ImplRun run = started(START);
        new Tampering(run).vcpu(1, 0).runOn(0);
        differs(
                "flush: all translations",
                perform(
                        run,
                        "d1 poke 0x640000100000 = 6",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0"));
    }

    // Running.

    private static final String[] INCREASE = {
        "d1 poke 0x640000100110 = 0",
        "d1 poke 0x640000100100 = 0",
        "d1 poke 0x640000100108 = 1",
        "d1 poke 0x640000100118 = 0x7ff0",
        "d1v0 memory_op increase_reservation 0x640000100100"
    };

    private DynamicTest atOnce(String part, Wrong wrong) {
        return DynamicTest.dynamicTest(
                part,
                () -> {
                    ImplRun run = started(START);
                    wrong.with(new Tampering(run));
                    differs(part, perform(run, "d0v0 hypercall 0x63"));
                });
    }

    private DynamicTest atTheEnd(String part, Wrong wrong) {
        return DynamicTest.dynamicTest(
                part,
                () -> {
                    ImplRun run = started(START);
                    wrong.with(new Tampering(run));
                    differs(part, run.finish());
                });
    }

    private Verdict unflushed(String... steps) {
        ImplRun run = started(START);
        new Tampering(run).stopFlushing();
        return perform(run, steps);
    }

    /// A run after these steps, on which both sides agree.
    private ImplRun started(String text) {
        Program program = TraceText.parse("start", text);
        Run run = subject.start(program.world());
        for (Action action : program.actions()) {
            assertAgreed(run.perform(action));
        }
        return assertInstanceOf(ImplRun.class, run);
    }

    /// The number of a frame of d1.
    private static long mfn(int index) {
        Program program = TraceText.parse("start", START);
        try (Subject subject = new ImplSubject(Switches.ALL)) {
            return subject.start(program.world()).numbers().number(FrameName.of(1, index));
        }
    }

    /// What comes of the last of these steps, or of the first on which both sides differ.
    private static Verdict perform(ImplRun run, String... steps) {
        String start = START.substring(0, START.indexOf("\n\n") + 2);
        Program program = TraceText.parse("steps", start + String.join("\n", steps));
        Verdict last = null;
        for (Action action : program.actions()) {
            last = run.perform(action);
            if (last instanceof Verdict.Differs) {
                return last;
            }
        }
        if (last == null) {
            throw new IllegalArgumentException("no step");
        }
        return last;
    }

    private static void assertAgreed(Verdict verdict) {
        assertInstanceOf(Verdict.Agreed.class, verdict, verdict::toString);
    }

    private static void differs(String part, @Nullable Verdict verdict) {
        Verdict.Differs differs =
                assertInstanceOf(Verdict.Differs.class, verdict, () -> part + " was not found");
        assertEquals(part, differs.part(), differs.explanation());
    }

    @Test
    void agreesWithoutTampering() {
        assertAgreed(started(START).finish());
    }

    @Test
    void startsAnewAfterADifference() {
        ImplRun run = started(START);
        new Tampering(run).flipWord(mfn(20), 7, 1);
        assertInstanceOf(Verdict.Differs.class, run.finish());
        assertAgreed(started(START).finish());
        assertNull(subject.start(TraceText.parse("start", START).world()).answer());
    }

    @Test
    void explanationNamesTheFrame() {
        ImplRun run = started(START);
        new Tampering(run).addCount(mfn(4), 1);
        Verdict.Differs differs =
                assertInstanceOf(Verdict.Differs.class, perform(run, "d0v0 hypercall 0x63"));
        assertTrue(differs.explanation().startsWith("frame d1.4 (mfn 0x"), differs.explanation());
        assertTrue(
                differs.explanation()
                        .endsWith("general references: specification 2, implementation 3"),
                differs.explanation());
    }

    /// Memory of which something else is read than is there.
    private record Reading(GuestMemory calls, java.util.function.Consumer<long[]> change)
            implements GuestMemory {

        @Override
        public boolean read(long linear, long[] to, int bytes) {
            boolean there = calls.read(linear, to, bytes);
            change.accept(to);
            return there;
        }

        @Override
        public boolean writable(long linear, int bytes) {
            return calls.writable(linear, bytes);
        }

        @Override
        public boolean write(long linear, long value, int bytes) {
            return calls.write(linear, value, bytes);
        }
    }

    /// Memory that is written so often, with another value.
    private record Writing(GuestMemory calls, int times, long change) implements GuestMemory {

        @Override
        public boolean read(long linear, long[] to, int bytes) {
            return calls.read(linear, to, bytes);
        }

        @Override
        public boolean writable(long linear, int bytes) {
            return calls.writable(linear, bytes);
        }

        @Override
        public boolean write(long linear, long value, int bytes) {
            for (int i = 0; i < times; i++) {
                calls.write(linear + (long) i * bytes, value + change, bytes);
            }
            return true;
        }
    }
}
