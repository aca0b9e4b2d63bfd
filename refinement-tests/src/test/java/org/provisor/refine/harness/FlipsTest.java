// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.TraceText;

/// Words that change while a call looks at them: a call may have seen each old or new, and nothing
/// else.
final class FlipsTest {

    private static final String START =
            """
            world frames=64 devices=0 processors=1 linear
            domain d1 pages=16 shared=1 max=32 vcpus=1
            d1 fill d1.1[0] = d1.4:0x67
            d1 poke 0x640000100008 = d1.1
            d1v0 mmuext_op 0x640000100000 1 0x640000101000 0x7ff0
            d1 poke 0x640000100000 = d1.1:0
            d1 poke 0x640000100008 = d1.5:0x67
            """;

    private static final String UPDATE = "d1v0 mmu_update 0x640000100000 1 0x640000101000 0x7ff0 ";

    private final ImplSubject subject = new ImplSubject(Switches.THOROUGH);

    @AfterEach
    void close() {
        subject.close();
    }

    /// A call that sees something else than stands there.
    private interface Seeing {
        void see(GuestMemory there, long linear, long[] to, int bytes);
    }

    @Test
    void callSeesTheOldValue() {
        agreed(run(UPDATE + "flip 0x640000100008@1=d1.6:0x67", FlipsTest::asItIs));
    }

    @Test
    void wordHasTheNewValueAfterwards() {
        ImplRun run = started();
        agreed(perform(run, UPDATE + "flip 0x640000100008@1=d1.6:0x67"));
        assertEquals(
                run.callWord(1, 0x6400_0010_0008L),
                run.boot().memories[0].pages().word(0x6400_0010_0008L));
        assertEquals(0x67, run.callWord(1, 0x6400_0010_0008L) & 0xFFF);
        agreed(run.finish());
    }

    @Test
    void wordThatIsNotReadOftenEnoughChangesAtTheEnd() {
        ImplRun run = started();
        agreed(perform(run, UPDATE + "flip 0x640000100008@9=0x77 flip 0x640000102000@1=0x78"));
        assertEquals(0x77, run.callWord(1, 0x6400_0010_0008L));
        assertEquals(0x78, run.callWord(1, 0x6400_0010_2000L));
        agreed(run.finish());
    }

    @Test
    void callMaySeeTheNewValue() {
        agreed(run(UPDATE + "flip 0x640000100008@1=d1.6:0x67", FlipsTest::twice));
    }

    @Test
    void callMaySeeOneOldAndAnotherNew() {
        agreed(
                run(
                        UPDATE + "flip 0x640000100000@1=d1.1:8 flip 0x640000100008@1=d1.6:0x67",
                        (there, linear, to, bytes) -> {
                            there.read(linear, to, bytes);
                            long old = to[0];
                            there.read(linear, to, bytes);
                            to[0] = linear == 0x6400_0010_0000L ? old : to[0];
                        }));
    }

    @Test
    void callMayNotSeeAMixture() {
        Verdict verdict =
                run(
                        UPDATE + "flip 0x640000100008@1=d1.6:0x65",
                        (there, linear, to, bytes) -> {
                            there.read(linear, to, bytes);
                            long old = to[1];
                            there.read(linear, to, bytes);
                            // The frame of one value with the flags of the other.
                            to[1] = (old & ~0xFFFL) | (to[1] & 0xFFF);
                        });
        assertInstanceOf(Verdict.Differs.class, verdict);
    }

    @Test
    void callMayNotSeeTheNewValueBeforeTheOld() {
        // The word belongs to two requests: the upper half of what the first stores, and the lower
        // half of where the second does.
        long table = started().numbers().number(FrameName.of(1, 1)) << 12;
        long changed = (table + 0x20) << 32 | 0x8000_0000L;
        String steps =
                """
                d1 poke 0x640000100004 = d1.1:0x10
                d1 poke 0x64000010000c = d1.6:0x67
                d1 poke 0x640000100014 = d1.1:0x18
                d1 poke 0x64000010001c = d1.7:0x67
                """
                        + "d1v0 mmu_update 0x640000100004 2 0 0x7ff0 flip 0x640000100010@1=0x"
                        + Long.toHexString(changed);
        agreed(run(steps, FlipsTest::asItIs));
        agreed(run(steps, FlipsTest::twice));
        Verdict verdict =
                run(
                        steps,
                        (there, linear, to, bytes) -> {
                            there.read(linear, to, bytes);
                            if (linear == 0x6400_0010_0004L) {
                                to[1] |= 1L << 63;
                            } else {
                                to[0] = table + 0x18;
                            }
                        });
        assertInstanceOf(Verdict.Differs.class, verdict);
    }

    @Test
    void callMayNotSeeAWordThatDoesNotChange() {
        Verdict verdict =
                run(
                        UPDATE,
                        (there, linear, to, bytes) -> {
                            there.read(linear, to, bytes);
                            to[1] ^= 1L << 9;
                        });
        assertInstanceOf(Verdict.Differs.class, verdict);
    }

    private static void asItIs(GuestMemory there, long linear, long[] to, int bytes) {
        there.read(linear, to, bytes);
    }

    private static void twice(GuestMemory there, long linear, long[] to, int bytes) {
        there.read(linear, to, bytes);
        there.read(linear, to, bytes);
    }

    private Verdict run(String steps, Seeing seeing) {
        ImplRun run = started();
        GuestMemory there = run.boot().memories[0];
        run.boot()
                .domains[0]
                .vcpu(0)
                .setGuestMemory(
                        new GuestMemory() {
                            @Override
                            public boolean read(long linear, long[] to, int bytes) {
                                seeing.see(there, linear, to, bytes);
                                return CallPages.readable(linear, bytes);
                            }

                            @Override
                            public boolean writable(long linear, int bytes) {
                                return there.writable(linear, bytes);
                            }

                            @Override
                            public boolean write(long linear, long value, int bytes) {
                                return there.write(linear, value, bytes);
                            }
                        });
        return perform(run, steps);
    }

    private ImplRun started() {
        Program program = TraceText.parse("start", START);
        ImplRun run = assertInstanceOf(ImplRun.class, subject.start(program.world()));
        for (Action action : program.actions()) {
            agreed(run.perform(action));
        }
        return run;
    }

    private static Verdict perform(ImplRun run, String steps) {
        String world = START.substring(0, START.indexOf("d1 fill"));
        Verdict last = new Verdict.Unspecified("nothing was done");
        for (Action action : TraceText.parse("steps", world + steps).actions()) {
            last = run.perform(action);
        }
        return last;
    }

    private static void agreed(Verdict verdict) {
        assertInstanceOf(Verdict.Agreed.class, verdict, verdict::toString);
    }
}
