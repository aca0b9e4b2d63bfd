// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.GuestCalls;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.mm.FrameTable;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.run.CallJudge;
import org.provisor.refine.run.Check;
import org.provisor.refine.xen.Mailbox.Operation;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.refine.xen.XenLostException.Kind;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The probe, the very same as on a real Xen, as a guest of the implementation: it starts, and does
/// what it is told through its mailbox. All its calls are judged.
final class EngineProbeTest {

    private static final long PAGES = 4096;
    private static final long NONCE = 0x1DEA;
    private static final long START = 3_000_000;
    private static final long TURN = 100_000;
    private static final int TURNS = 100;

    private static final int MMU_UPDATE = 1;
    private static final int MEMORY_OP = 12;
    private static final int DECREASE = 1;
    private static final int POPULATE = 6;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int XEN_VERSION = 17;
    private static final int EVTCHN = 32;
    private static final long READ_ONLY = CallMemory.START + 0x2000;
    private static final long BEHIND = CallMemory.START + 0x3000;

    private final StringBuilder console = new StringBuilder();
    private PvMachine machine;
    private CallJudge judge;

    /// Calls made of which the specification says nothing.
    private long unspecified;

    private GuestRam ram;
    private Mailbox box;

    @SuppressWarnings("NullAway.Init")
    EngineProbeTest() {}

    @BeforeEach
    void start() throws Exception {
        try (InputStream in = QemuXen.class.getResourceAsStream("probe.elf")) {
            machine =
                    PvMachine.start(
                            new PvKernel(Objects.requireNonNull(in).readAllBytes()),
                            new byte[0],
                            Long.toHexString(NONCE),
                            PAGES,
                            (bytes, count) ->
                                    console.append(
                                            new String(bytes, 0, count, StandardCharsets.US_ASCII)),
                            new Turns());
        }
        judge = new CallJudge(machine, Check.FULL, GuestCalls.DIRECT);
        machine.run(START);
        ram = new GuestRam(machine.memory().segment());
        final String said = console.toString();
        assertTrue(said.startsWith("probe: mailbox "), said);
        final long at = Long.parseUnsignedLong(said.strip().substring(15), 16);
        assertTrue(Mailbox.ready(ram, at, NONCE));
        box = new Mailbox(ram, at, new Watch(), Long.MAX_VALUE);
    }

    @AfterEach
    void close() {
        try {
            judge.finish();
            assertEquals(unspecified, judge.unjudged());
            assertTrue(judge.judged() > 0);
        } finally {
            machine.close();
        }
    }

    /// Time that passes when the guest sleeps.
    private static final class Turns implements Clock {

        private long now;

        @Override
        public long nanos() {
            return now++;
        }

        @Override
        public void sleepUntil(final long nanos) {
            now = Math.max(now, nanos);
        }
    }

    private static final class Watch implements Mailbox.Watch {

        @Override
        public @Nullable Kind ending() {
            return null;
        }

        @Override
        public XenLostException lost(final Kind kind, final String what) {
            return new XenLostException(kind, what, List.of());
        }
    }

    /// Has the probe do something, and runs the guest until it has.
    private Result run(final Operation operation, final long... arguments) {
        final long naps = box.naps();
        box.send(operation, arguments);
        for (int turn = 0; turn < TURNS && box.naps() <= naps + 1; turn++) {
            final Ending ending = machine.run(TURN);
            assertEquals(Ending.Kind.LIMIT, ending.kind(), ending.text());
        }
        return box.take();
    }

    private long call(final long... all) {
        return run(Operation.CALL, all).value();
    }

    @Test
    void makesHypercalls() {
        assertEquals(4 << 16 | 17, call(XEN_VERSION));
        assertEquals(-38, call(EVTCHN));
        unspecified = 1;
        assertEquals(-38, call(0x1234_5678_9ABCL));
        ram.setWord(address(CallMemory.START), address(CallMemory.START) | 4);
        assertEquals(-38, call(MMU_UPDATE, CallMemory.START, 1, 0, 0x7FF0));
        assertEquals(-14, call(MMU_UPDATE, BEHIND, 1, 0, 0x7FF0));
    }

    private long address(final long linear) {
        return ram.walk(box.root(), linear).address();
    }

    @Test
    void readsWritesAndFaults() {
        ram.setWord(address(CallMemory.START) + 8, 0x1234);
        assertEquals(0x1234, run(Operation.READ, CallMemory.START + 8).value());
        assertFalse(run(Operation.WRITE, CallMemory.START + 16, 4, 0xFFFF_FFFF_5678L).trapped());
        assertEquals(0xFFFF_5678L, ram.word(address(CallMemory.START) + 16));
        final Result readOnly = run(Operation.WRITE, READ_ONLY, 8, 1);
        assertEquals(new Result(0, 0, 14, 3, READ_ONLY, 0), readOnly);
        final Result missing = run(Operation.READ, BEHIND + 8);
        assertEquals(new Result(0, 0, 14, 0, BEHIND + 8, 0), missing);
        assertEquals(13, run(Operation.READ, 1L << 47).vector());
        assertEquals(
                new Result(0x5678, 1, Mailbox.NO_TRAP, 0, 0, 0),
                run(Operation.EXCHANGE, CallMemory.START + 16, 2, 0x9999, 0x5678));
        assertEquals(0xFFFF_9999L, ram.word(address(CallMemory.START) + 16));
    }

    @Test
    void mapsAPage() {
        final long mfn = address(CallMemory.START) >>> 12;
        assertEquals(-22, call(UPDATE_VA_MAPPING, 1L << 40, mfn << 12 | 0x67, 2));
        assertEquals(0, call(UPDATE_VA_MAPPING, BEHIND, mfn << 12 | 0x67, 2));
        ram.setWord(mfn << 12, 77);
        assertEquals(77, run(Operation.READ, BEHIND).value());
        assertEquals(0, call(UPDATE_VA_MAPPING, BEHIND, 0, 2));
        assertEquals(14, run(Operation.READ, BEHIND).vector());
        final long table = ram.word(box.root() << 12);
        assertEquals(0, table & 1);
        assertEquals(-16, call(UPDATE_VA_MAPPING, BEHIND, box.root() << 12 | 0x67, 2));
    }

    /// Writes what `memory_op` is told of one frame.
    private void reservation(final long number) {
        final long at = address(CallMemory.START);
        ram.setWord(at, CallMemory.START + 0x100);
        ram.setWord(at + 8, 1);
        ram.setWord(at + 16, 0);
        ram.setWord(at + 24, 0x7FF0);
        ram.setWord(at + 0x100, number);
    }

    /// The specification follows which frame was allocated.
    @Test
    void givesAFrameBackAndGetsOne() {
        final FrameTable frames = machine.domain().vcpu(0).host().frames();
        long unused = frames.size() - 1L;
        while ((frames.count(unused) & FrameTable.REFERENCES) != 1
                || (frames.type(unused) & FrameTable.TYPE_REFERENCES) != 0
                || frames.owner(unused) != 0) {
            unused--;
        }
        reservation(unused);
        assertEquals(1, call(MEMORY_OP, DECREASE, CallMemory.START));
        assertEquals(0, frames.count(unused) & FrameTable.REFERENCES);
        reservation(0x123);
        assertEquals(1, call(MEMORY_OP, POPULATE, CallMemory.START));
        final long given = ram.word(address(CallMemory.START) + 0x100);
        assertEquals(0x8000_0000_0000_0001L, frames.count(given));
        reservation(0x124);
        assertEquals(0, call(MEMORY_OP, POPULATE, CallMemory.START));
        assertEquals(-38, call(MEMORY_OP, 63, CallMemory.START));
    }

    @Test
    void copiesCountsAndStops() {
        for (int i = 0; i < 512; i++) {
            ram.setWord(address(CallMemory.START) + 8L * i, i);
        }
        run(Operation.COPY, CallMemory.START + 0x1000, CallMemory.START, 4096);
        for (int i = 0; i < 512; i++) {
            assertEquals(i, ram.word(address(CallMemory.START + 0x1000) + 8L * i));
        }
        assertEquals(-38, run(Operation.CALLS, 1000, EVTCHN).value());
        unspecified = 1000;
        assertEquals(1000, machine.statistics().hypercalls(EVTCHN));
        box.send(Operation.STOP);
        Ending ending = machine.run(TURN);
        for (int turn = 0; turn < TURNS && ending.kind() == Ending.Kind.LIMIT; turn++) {
            ending = machine.run(TURN);
        }
        assertEquals(Ending.Kind.SHUTDOWN, ending.kind(), ending.text());
        assertEquals(Ending.POWEROFF, ending.reason());
        assertEquals(4 * machine.statistics().walks(), machine.statistics().reads());
    }
}
