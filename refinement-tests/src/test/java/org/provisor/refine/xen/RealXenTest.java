// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Small programs on real Xen and on the specification, which agree in everything that is compared,
/// Xen's own reference counts included.
class RealXenTest {

    private static final long CALLS = CallMemory.START;
    private static final long DONE = CALLS + 0x1000;
    private static final long SELF = 0x7FF0;

    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int MEMORY_OP = 12;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;

    private static final long ORDINARY = 0x67;
    private static final long READ_ONLY = 0x65;

    private static @Nullable XenSubject started;
    private static @Nullable World world;

    private final XenSubject subject;
    private Run run;

    @BeforeAll
    static void startXen() throws InterruptedException {
        QemuXen.Setup setup = InstalledXen.setup();
        world = XenSubject.worldOf(setup);
        started = new XenSubject(setup, world, true);
    }

    @AfterAll
    static void stopXen() {
        if (started != null) {
            started.close();
        }
    }

    RealXenTest() {
        if (started == null || world == null) {
            throw new IllegalStateException("Xen was not started");
        }
        subject = started;
        run = subject.start(world);
    }

    // Programs.

    private static FrameName frame(int index) {
        return FrameName.of(0, index);
    }

    private static Operand word(long value) {
        return Operand.of(value);
    }

    private static Operand number(int frame) {
        return Operand.number(frame(frame));
    }

    private static Operand at(int frame, long low) {
        return Operand.address(frame(frame), low);
    }

    private void act(Action action) {
        assertInstanceOf(Verdict.Agreed.class, run.perform(action), action.toString());
    }

    private void poke(long linear, Operand value) {
        act(new Action.Poke(0, linear, value));
    }

    private void fill(int frame, int slot, Operand value) {
        act(new Action.Fill(0, number(frame), slot, value));
    }

    /// Makes a call and checks what it returns, on both sides.
    private void call(long returns, int number, Operand... arguments) {
        act(new Action.Call(0, 0, word(number), List.of(arguments), Stimulus.NONE));
        assertEquals(new Answer.Returned(returns), run.answer());
    }

    private void update(long returns, Operand... requests) {
        for (int i = 0; i < requests.length; i++) {
            poke(CALLS + 8L * i, requests[i]);
        }
        call(returns, MMU_UPDATE, word(CALLS), word(requests.length / 2), word(DONE), word(SELF));
    }

    private void operation(long returns, int command, Operand first, Operand second) {
        poke(CALLS, word(command));
        poke(CALLS + 8, first);
        poke(CALLS + 16, second);
        call(returns, MMUEXT_OP, word(CALLS), word(1), word(DONE), word(SELF));
    }

    private void pin(long returns, int level, int frame) {
        operation(returns, level - 1, number(frame), word(0));
    }

    private void unpin(long returns, int frame) {
        operation(returns, 4, number(frame), word(0));
    }

    private void load(int root) {
        operation(0, 5, number(root), word(0));
    }

    /// Frame 3 becomes a root by which frame 0 is the first level 1 table.
    private void tree() {
        fill(1, 0, at(0, ORDINARY));
        fill(2, 0, at(1, ORDINARY));
        fill(3, 0, at(2, ORDINARY));
        fill(3, CallMemory.ROOT_SLOT, at(XenMachine.NAMED - 1, ORDINARY));
    }

    private void write(long linear, int bytes, Operand value, @Nullable Operand expected) {
        act(new Action.WriteReadOnly(0, 0, linear, linear, bytes, value, expected));
    }

    private void reservation(long extents, long count, long order) {
        poke(CALLS, word(extents));
        poke(CALLS + 8, word(count));
        poke(CALLS + 16, word(order));
        poke(CALLS + 24, word(SELF));
    }

    private void agreesInTheEnd() {
        assertInstanceOf(Verdict.Agreed.class, run.finish());
        assertEquals(0, subject.failedResets(), subject.lastTrouble());
    }

    @Test
    void whatXenBootsToKeepsTheInvariants() {
        assertTrue(Invariant.violated(run.machine()).isEmpty());
        agreesInTheEnd();
    }

    @Test
    void updatesOfPlainFrames() {
        update(0, at(0, 8), word(0x1234));
        update(-38, at(0, 8 | 4), word(1));
        update(-22, word(0x123), word(1));
        update(0, at(1, 1), word(77));
        agreesInTheEnd();
    }

    @Test
    void pinnedTable() {
        fill(0, 0, at(1, ORDINARY));
        fill(0, 1, at(0, READ_ONLY));
        pin(0, 1, 0);
        update(0, at(0, 16), at(2, ORDINARY));
        update(-16, at(0, 24), at(0, ORDINARY));
        pin(-22, 1, 0);
        pin(-22, 2, 0);
        unpin(0, 0);
        unpin(-22, 0);
        agreesInTheEnd();
    }

    @Test
    void devicesAndWhatIsNone() {
        pin(0, 1, 0);
        update(0, at(0, 0), word(0xB8067L));
        // Whatever memory type was asked for, a device's is uncacheable.
        assertEquals(0x18, run.word(run.numbers().number(frame(0)), 0) & 0x18);
        update(-1, at(0, 8), word(0xFEE0_0067L));
        update(0, at(0, 24), word(0xFEC0_0067L));
        assertEquals(0, run.word(run.numbers().number(frame(0)), 3) & 2);
        update(0, at(0, 8), word(0xFD00_0067L));
        update(-22, at(0, 16), word(0x000F_FFFF_FFFF_F067L));
        agreesInTheEnd();
    }

    @Test
    void ownAddressSpace() {
        fill(0, 0, at(10, ORDINARY));
        fill(0, 1, at(0, READ_ONLY));
        tree();
        pin(0, 4, 3);
        load(3);
        call(0, UPDATE_VA_MAPPING, word(0), at(11, ORDINARY), word(2));
        call(-16, UPDATE_VA_MAPPING, word(0x2000), at(0, ORDINARY), word(0));
        call(0, UPDATE_VA_MAPPING, word(0x2000), at(12, READ_ONLY), word(1));
        call(-22, UPDATE_VA_MAPPING, word(0x200_0000), at(12, READ_ONLY), word(1));
        operation(0, 15, number(3), word(0));
        agreesInTheEnd();
    }

    @Test
    void writtenTables() {
        fill(0, 1, at(0, READ_ONLY));
        fill(0, 2, at(12, READ_ONLY));
        tree();
        load(3);
        write(0x1018, 8, at(13, ORDINARY), null);
        assertEquals(Answer.RESUMED, run.answer());
        write(0x1018, 1, word(READ_ONLY), null);
        assertEquals(Answer.RESUMED, run.answer());
        write(0x1018, 8, at(3, ORDINARY), null);
        assertInstanceOf(Answer.PageFault.class, run.answer());
        write(0x2018, 8, word(0), null);
        assertInstanceOf(Answer.PageFault.class, run.answer());
        write(0x1018, 8, word(0), word(5));
        assertInstanceOf(Answer.CompareFailed.class, run.answer());
        write(0x1018, 8, word(0), word(run.word(run.numbers().number(frame(0)), 3)));
        assertEquals(Answer.RESUMED, run.answer());
        agreesInTheEnd();
    }

    @Test
    void linearTables() {
        tree();
        fill(3, 1, at(3, READ_ONLY));
        pin(0, 4, 3);
        fill(4, 0, at(3, READ_ONLY));
        pin(0, 4, 4);
        fill(5, 0, at(4, READ_ONLY));
        pin(-22, 4, 5);
        unpin(0, 4);
        unpin(0, 3);
        agreesInTheEnd();
    }

    @Test
    void descriptors() {
        fill(6, 0, word(0x00CF_F200_0000_FFFFL));
        fill(6, 1, word(0x00CF_FA00_0000_FFFFL));
        fill(0, 0, at(6, READ_ONLY));
        tree();
        load(3);
        operation(0, 13, word(0), word(512));
        act(new Action.LoadDescriptor(0, 0, 0));
        assertEquals(Answer.RESUMED, run.answer());
        operation(0, 13, word(0x1000), word(512));
        act(new Action.LoadDescriptor(0, 0, 8));
        assertInstanceOf(Answer.PageFault.class, run.answer());
        operation(0, 13, word(0), word(512));
        act(new Action.LoadDescriptor(0, 0, 8));
        call(0, UPDATE_DESCRIPTOR, at(6, 16), word(0x00CF_F200_0000_FFFFL));
        call(-22, UPDATE_DESCRIPTOR, at(6, 17), word(0));
        poke(CALLS, number(7));
        call(0, SET_GDT, word(CALLS), word(512));
        call(0, SET_GDT, word(CALLS), word(0));
        call(-22, SET_GDT, word(CALLS), word(8000));
        agreesInTheEnd();
    }

    @Test
    void questionsAboutMemory() {
        poke(CALLS, word(SELF));
        call(run.machine().frames().size(), MEMORY_OP, word(2), word(CALLS));
        call(2048, MEMORY_OP, word(3), word(CALLS));
        call(2112, MEMORY_OP, word(4), word(CALLS));
        call(0, MEMORY_OP, word(14), word(CALLS));
        call(0, MEMORY_OP, word(12), word(CALLS + 64));
        poke(CALLS + 64, word(5));
        poke(CALLS + 72, word(CALLS + 128));
        call(0, MEMORY_OP, word(5), word(CALLS + 64));
        call(-38, MEMORY_OP, word(9), word(CALLS));
        call(-95, MEMORY_OP, word(25), word(CALLS));
        call(-38, MEMORY_OP, word(60), word(CALLS));
        call(-14, MEMORY_OP, word(3), word(0));
        agreesInTheEnd();
    }

    @Test
    void memoryGivenBackAndTaken() {
        reservation(CALLS + 64, 2, 0);
        poke(CALLS + 64, number(20));
        poke(CALLS + 72, number(21));
        call(2, MEMORY_OP, word(1), word(CALLS));
        call(0, MEMORY_OP, word(1), word(CALLS));
        poke(CALLS + 64, word(0x111));
        poke(CALLS + 72, word(0x112));
        call(2, MEMORY_OP, word(6), word(CALLS));
        call(2, MEMORY_OP, word(0), word(CALLS));
        reservation(CALLS + 64, 1, 3);
        call(1, MEMORY_OP, word(6), word(CALLS));
        reservation(CALLS + 64, 1, 9);
        call(0, MEMORY_OP, word(6), word(CALLS));
        call(0, MEMORY_OP, word(0), word(CALLS));
        agreesInTheEnd();
    }

    @Test
    void exchange() {
        for (int round = 0; round < 2; round++) {
            reservation(CALLS + 0x200, 1, 0);
            poke(CALLS + 32, word(CALLS + 0x300));
            poke(CALLS + 40, word(1 + round));
            poke(CALLS + 56, word(SELF));
            poke(CALLS + 64, word(0));
            poke(CALLS + 0x200, number(30 + round));
            poke(CALLS + 0x300, word(0x77));
            call(round == 0 ? 0 : -22, MEMORY_OP, word(11), word(CALLS));
        }
        agreesInTheEnd();
    }

    private void exchange(long in, long inOrder, long out, long outOrder) {
        long frames = 2L << inOrder;
        reservation(in, 2, inOrder);
        poke(CALLS + 32, word(out));
        poke(CALLS + 40, word(frames >> outOrder));
        poke(CALLS + 48, word(outOrder));
        poke(CALLS + 56, word(SELF));
        poke(CALLS + 64, word(0));
    }

    /// Of the extents wanted some get a number and some do not, and nobody is told of any.
    @Test
    void exchangeForExtentsWithoutNumbers() {
        int four = 0;
        while (!contiguous(four) || !contiguous(four + 4)) {
            four++;
        }
        long last = CALLS + CallMemory.READABLE - 2 * Long.BYTES;
        poke(last, word(0x77));
        poke(last + 8, word(0x78));
        exchange(CALLS + 0x200, 2, last, 0);
        poke(CALLS + 0x200, number(four));
        poke(CALLS + 0x208, number(four + 4));
        call(-14, MEMORY_OP, word(11), word(CALLS));
        agreesInTheEnd();
    }

    private boolean contiguous(int first) {
        return run.numbers().number(frame(first + 3)) == run.numbers().number(frame(first)) + 3;
    }

    /// Xen would read the list's own address anew if it was preempted.
    @Test
    void listOverItsOwnStructureIsLeftOut() {
        reservation(CALLS, 2, 0);
        assertInstanceOf(Verdict.Unspecified.class, run.perform(memoryOp(0)));
        assertInstanceOf(Verdict.Unspecified.class, run.perform(memoryOp(6)));
        reservation(CALLS, 1, 0);
        call(1, MEMORY_OP, word(0), word(CALLS));
        poke(CALLS + 0x200, number(30));
        poke(CALLS + 0x208, number(31));
        exchange(CALLS + 0x200, 0, CALLS + 64, 0);
        assertInstanceOf(Verdict.Unspecified.class, run.perform(memoryOp(11)));
        agreesInTheEnd();
    }

    private static Action memoryOp(long command) {
        return new Action.Call(
                0, 0, word(MEMORY_OP), List.of(word(command), word(CALLS)), Stimulus.NONE);
    }

    /// What the processor marks when Xen follows an address of the caller's stays when the tables
    /// are tables no more.
    @Test
    void followedAddressIsMarked() {
        run = new XenRun(((XenRun) run).pair(), false, _ -> {});
        fill(1, 0, at(0, 1));
        fill(2, 0, at(1, 5));
        fill(3, 0, at(2, 5));
        fill(3, CallMemory.ROOT_SLOT, at(XenMachine.NAMED - 1, ORDINARY));
        load(3);
        long nothing = 0x1008;
        call(0, MMUEXT_OP, word(CALLS), word(0), word(nothing), word(SELF));
        fill(5, CallMemory.ROOT_SLOT, at(XenMachine.NAMED - 1, ORDINARY));
        load(5);
        agreesInTheEnd();
    }

    /// What once differed on a real Xen does so no more.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exchange-at-a-pages-end",
                "bitmap-in-the-page-that-is-mapped",
                "handed-over-under-another-root",
                "done-count-under-another-root",
                "copied-entry-that-was-walked-by",
                "handed-over-by-xens-entries",
                "bitmap-by-xens-entries",
                "a-root-and-then-a-table",
                "count-at-no-address",
                "memory-map-written-in-part",
                "marked-below-a-root-given-up",
                "list-written-over",
                "count-at-a-pages-end",
                "exchange-that-cannot-say-how-far",
                "bitmap-behind-memory",
                "bitmap-by-another-entry"
            })
    void keptTraces(String name) throws IOException {
        // Compared at the end only: what is looked at after each action is taken over there.
        run = new XenRun(((XenRun) run).pair(), false, _ -> {});
        String file = "/xen-traces/" + name + ".trace";
        try (InputStream in = RealXenTest.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            for (Action action : TraceText.parse(name, text).actions()) {
                Verdict verdict = run.perform(action);
                assertFalse(verdict instanceof Verdict.Differs, action + ": " + verdict);
            }
        }
        agreesInTheEnd();
    }

    @Test
    void assistsClaimsAndMaps() {
        call(0, VM_ASSIST, word(0), word(2));
        call(0, VM_ASSIST, word(0), word(32));
        call(-22, VM_ASSIST, word(0), word(9));
        call(-38, VM_ASSIST, word(7), word(2));
        poke(CALLS + 8, word(5));
        call(-22, MEMORY_OP, word(24), word(CALLS));
        poke(CALLS + 24, word(SELF));
        call(-22, MEMORY_OP, word(24), word(CALLS));
        poke(CALLS, word(SELF));
        poke(CALLS + 8, word(2));
        poke(CALLS + 16, word(CALLS + 64));
        call(0, MEMORY_OP, word(13), word(CALLS));
        poke(CALLS, word(5));
        poke(CALLS + 8, word(CALLS + 0x100));
        call(0, MEMORY_OP, word(9), word(CALLS));
        agreesInTheEnd();
    }

    @Test
    void wholePagesAndFlushes() {
        fill(40, 5, word(99));
        operation(0, 17, number(41), number(40));
        operation(0, 16, number(40), word(0));
        for (int command : new int[] {6, 7, 8, 9, 10, 11, 12, 18}) {
            operation(0, command, word(0), word(CALLS));
        }
        operation(-95, 19, word(0), word(0));
        operation(-38, 25, word(0), word(0));
        agreesInTheEnd();
    }

    /// A word that nobody has written is seen.
    @Test
    void strayWriteIsSeen() {
        fill(0, 0, at(1, ORDINARY));
        pin(0, 1, 0);
        GuestRam ram = ((XenRun) run).pair().sides().ram();
        long mfn = run.numbers().number(frame(0));
        ram.setWord(mfn, 7, 1);
        assertInstanceOf(Verdict.Differs.class, run.finish());
        ram.setWord(mfn, 7, 0);
        agreesInTheEnd();
    }
}
