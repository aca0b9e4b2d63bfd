// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.ir.Segments;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.tlb.TlbSet;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

final class TranslatorTest {

    private static final long CODE = 0x40_0000;
    private static final int FRAMES = 1024;

    /// `add eax, 1; dec rcx; jnz -8; hlt`: counts.
    private static final byte[] LOOP = HexFormat.of().parseHex("83c00148ffc975f8f4");

    /// A processor, with 512 pages from [#CODE] on in the frames from 0 on.
    private static final class Machine implements AutoCloseable {

        private static final long TABLES = 600;

        private final MachineMemory memory = MachineMemory.ofFrames(FRAMES);
        private final TlbSet tlbs = new TlbSet(1);
        private final CpuState state = new CpuState();
        private final DirectMemory direct =
                new DirectMemory(state, memory, tlbs.of(0), new PageWalker(memory, 46));
        private final Engine engine;

        Machine(final Engine engine) {
            this.engine = engine;
            memory.setWord(TABLES << 12, (TABLES + 1) << 12 | 7);
            memory.setWord((TABLES + 1) << 12, (TABLES + 2) << 12 | 7);
            memory.setWord(((TABLES + 2) << 12) + 16, (TABLES + 3) << 12 | 7);
            for (int i = 0; i < 512; i++) {
                map(i, i);
            }
            direct.setRoot(TABLES);
        }

        /// Present, writable, of user mode, accessed: a translator may look ahead into a page.
        final void map(final int page, final long frame) {
            memory.setWord(((TABLES + 3) << 12) + 8L * page, frame << 12 | 0x27);
        }

        void put(final long frame, final int offset, final byte[] bytes) {
            memory.copyIn((frame << 12) + offset, bytes, 0, bytes.length);
        }

        int run(final long limit) {
            return engine.run(state, direct, limit);
        }

        /// Counts up to `count`, from the start of a page.
        long count(final int page, final long count) {
            state.set(Slots.RIP, CODE + (page << 12));
            state.set(Slots.RAX, 0);
            state.set(Slots.RCX, count);
            assertEquals(Exits.EXCEPTION, run(1_000_000));
            assertEquals(Vectors.GP, state.fault().vector());
            return state.get(Slots.RAX);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Translator.THRESHOLD})
    void countsAsTheInterpreterDoes(final int threshold) {
        final Translator translator = new Translator(threshold, 16);
        try (Machine one = new Machine(new Interpreter());
                Machine other = new Machine(translator)) {
            for (int i = 0; i < 400; i++) {
                for (final Machine machine : new Machine[] {one, other}) {
                    machine.put(0, 0, i == 0 ? LOOP : new byte[0]);
                    machine.state.set(Slots.RIP, CODE);
                    machine.state.set(Slots.RCX, 40 + i % 7);
                    machine.run(i);
                }
                assertEquals(one.engine.carriedOut(), other.engine.carriedOut(), "limit " + i);
                assertArrayEquals(
                        Arrays.copyOf(one.state.slots(), Slots.RFLAGS + 1),
                        Arrays.copyOf(other.state.slots(), Slots.RFLAGS + 1),
                        "limit " + i);
            }
            assertTrue(translator.regions() > 0, "nothing was translated");
        }
    }

    /// `crc32` and `lzcnt` in a loop, by engines that have neither: what is left of `lzcnt` is
    /// `bsr`.
    @Test
    void goesByWhatItsProcessorHas() {
        final CpuFeatures features = CpuFeatures.parse("no-abm,no-sse4-2");
        final byte[] scan = HexFormat.of().parseHex("f30fbdc148ffc975f7f4");
        final byte[] check = HexFormat.of().parseHex("48ffc975fbf20f38f1c1");
        for (final Engine engine :
                new Engine[] {new Interpreter(features), new Translator(features, 2, 16)}) {
            try (Machine machine = new Machine(engine)) {
                machine.put(0, 0, scan);
                assertEquals(0, machine.count(0, 40));
                machine.put(1, 0, scan);
                machine.state.set(Slots.RCX, 40);
                machine.state.set(Slots.RIP, CODE + (1 << 12));
                assertEquals(Exits.LIMIT, machine.run(1));
                assertEquals(5, machine.state.get(Slots.RAX), "the highest bit of 40");
                machine.put(2, 0, check);
                machine.state.set(Slots.RCX, 40);
                machine.state.set(Slots.RIP, CODE + (2 << 12));
                assertEquals(Exits.EXCEPTION, machine.run(1000));
                assertEquals(Vectors.UD, machine.state.fault().vector());
                assertEquals(CODE + (2 << 12) + 5, machine.state.get(Slots.RIP));
            }
        }
    }

    /// The same bytes are other instructions as 32-bit code: `add eax, 1; dec eax; dec ecx; jnz`.
    @Test
    void codeOf32BitsIsNotTheRegionThatLiesThere() {
        final Translator translator = new Translator(1, 16);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, LOOP);
            assertEquals(1_000, machine.count(0, 1_000));
            final long regions = translator.regions();
            assertTrue(regions > 0, "nothing was translated");
            machine.state.segments().load(Segments.CS, 0x00CF_FB00_0000_FFFFL);
            assertEquals(0, machine.count(0, 1_000));
            assertEquals(regions, translator.regions());
            machine.state.segments().enter64();
            assertEquals(1_000, machine.count(0, 1_000));
        }
    }

    /// Wherever runs end, in either of two loops or between them, there is one region: it is
    /// entered again at a loop's head, and what lies before that is interpreted.
    @Test
    void aLoopThatIsLeftAgainAndAgainIsOneRegion() {
        // mov edx, 5; add eax, edx; test al, 1; jz +2; inc ebx; dec edx; jnz -14; dec rcx; jnz -24;
        final byte[] loops =
                HexFormat.of().parseHex("ba0500000001d0a8017402ffc3ffca75f448ffc975eaf4");
        final Translator translator = new Translator(2, 64);
        try (Machine one = new Machine(new Interpreter());
                Machine other = new Machine(translator)) {
            for (final Machine machine : new Machine[] {one, other}) {
                machine.put(0, 0, loops);
                machine.state.set(Slots.RIP, CODE);
                machine.state.set(Slots.RCX, 100_000);
                for (int limit = 1; limit < 1_000; limit++) {
                    assertEquals(Exits.LIMIT, machine.run(100 + limit % 37));
                }
            }
            assertArrayEquals(
                    Arrays.copyOf(one.state.slots(), Slots.RFLAGS + 1),
                    Arrays.copyOf(other.state.slots(), Slots.RFLAGS + 1));
            assertEquals(1, translator.regions());
        }
    }

    /// It lies in a region, which it is come to by another way in every other iteration.
    @Test
    void codeBehindWhatIsNotTranslatedIsTranslated() {
        // test cl, 1; jz +2; fninit; add eax, edx; inc ebx; dec rcx; jnz -16; hlt
        final byte[] loop = HexFormat.of().parseHex("f6c1017402dbe301d0ffc348ffc975f0f4");
        final Translator translator = new Translator(2, 64);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, loop);
            machine.count(0, 1_000);
            assertEquals(1_000, machine.state.get(Slots.RBX));
            assertEquals(2, translator.regions());
        }
    }

    /// What was translated before is not used while somebody waits for what it does.
    @Test
    void breakpointsAndSingleStepsAreMetInWhatWasTranslated() {
        final Translator translator = new Translator(1, 16);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, LOOP);
            machine.count(0, 500);
            assertTrue(translator.regions() > 0, "nothing was translated");
            machine.state.breakpoints().setAddress(1, CODE + 3);
            machine.state.breakpoints().setControl(1 << 2);
            machine.state.set(Slots.RIP, CODE);
            machine.state.set(Slots.RCX, 500);
            assertEquals(Exits.EXCEPTION, machine.run(1000));
            assertEquals(Vectors.DB, machine.state.fault().vector());
            assertEquals(CODE + 3, machine.state.get(Slots.RIP));
            assertEquals(1, translator.carriedOut());
            machine.state.breakpoints().reset();
            machine.state.set(Slots.RFLAGS, Rflags.FIXED | Rflags.TF);
            assertEquals(Exits.DEBUG_TRAP, machine.run(1000));
            assertEquals(CODE + 6, machine.state.get(Slots.RIP));
        }
    }

    /// The hypervisor itself writes, by whatever way.
    @Test
    void codeWrittenFromOutside() {
        final Translator translator = new Translator(2, 16);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, LOOP);
            assertEquals(1000, machine.count(0, 1000));
            machine.put(0, 2, new byte[] {2});
            assertEquals(2000, machine.count(0, 1000));
            machine.memory.store(2, 1, 3);
            assertEquals(3000, machine.count(0, 1000));
            final long word = machine.memory.word(0);
            machine.memory.setWord(0, (word & ~0xFF_0000L) | 0x04_0000);
            assertEquals(4000, machine.count(0, 1000));
            machine.memory.replaceWord(0, machine.memory.word(0), word);
            assertEquals(3000, machine.count(0, 1000));
            machine.put(9, 0, LOOP);
            machine.memory.copy(0, 9);
            assertEquals(1000, machine.count(0, 1000));
            machine.memory.clear(0);
            machine.put(0, 0, LOOP);
            assertEquals(1000, machine.count(0, 1000));
            assertTrue(translator.overwritten() >= 6, "regions were kept");
        }
    }

    /// A write beside code in the same page drops nothing.
    @Test
    void dataBesideCode() {
        final Translator translator = new Translator(2, 16);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, LOOP);
            assertEquals(1000, machine.count(0, 1000));
            machine.put(0, 64, new byte[] {1, 2, 3});
            assertEquals(1000, machine.count(0, 1000));
            assertEquals(0, translator.overwritten());
        }
    }

    @Test
    void anotherFrame() {
        final Translator translator = new Translator(2, 16);
        try (Machine machine = new Machine(translator)) {
            machine.put(0, 0, LOOP);
            machine.put(1, 0, LOOP);
            machine.put(1, 2, new byte[] {5});
            assertEquals(1000, machine.count(0, 1000));
            machine.map(0, 1);
            machine.tlbs.flushPage(1, CODE);
            assertEquals(5000, machine.count(0, 1000));
            machine.map(0, 0);
            machine.tlbs.flush(1);
            assertEquals(1000, machine.count(0, 1000));
        }
    }

    /// More code than there is room for.
    @Test
    void flood() {
        final int capacity = 32;
        final Translator translator = new Translator(1, capacity);
        try (Machine machine = new Machine(translator)) {
            for (int i = 0; i < 500; i++) {
                machine.put(i, 0, LOOP);
            }
            for (int i = 0; i < 1000; i++) {
                assertEquals(10, machine.count(i % 500, 10));
                assertTrue(translator.liveRegions() <= capacity, "more than there is room for");
            }
            assertTrue(translator.evictions() > 900, "nothing made room");
        }
    }

    /// Code that changes itself all the time.
    @Test
    void rewritesItself() {
        final Translator translator = new Translator(2, 16);
        try (Machine machine = new Machine(translator)) {
            // inc byte [rip + 2], which is the immediate behind it; add eax, 0; dec rcx; jnz; hlt
            machine.put(0, 0, HexFormat.of().parseHex("fe050200000083c00048ffc975f2f4"));
            assertEquals(sum(100), machine.count(0, 100));
            assertTrue(translator.regions() < 200, "it is translated again and again");
        }
    }

    private static long sum(final int count) {
        long sum = 0;
        for (int i = 1; i <= count; i++) {
            sum += (byte) i;
        }
        return sum;
    }

    @Test
    void randomBytes() {
        final long seed = new SplittableRandom().nextLong();
        System.out.println("TranslatorTest: seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        try (Machine one = new Machine(new Interpreter());
                Machine other = new Machine(new Translator(1, 64))) {
            final byte[] bytes = new byte[4096];
            for (int i = 0; i < 300; i++) {
                random.nextBytes(bytes);
                final long start = CODE + random.nextInt(4096);
                final long stack = CODE + 0x8000 + random.nextInt(4096);
                for (final Machine machine : new Machine[] {one, other}) {
                    machine.put(0, 0, bytes);
                    machine.state.reset();
                    machine.state.set(Slots.RIP, start);
                    for (int slot = 0; slot < Slots.GENERAL; slot++) {
                        machine.state.set(slot, stack + 64L * slot);
                    }
                }
                assertEquals(one.run(5000), other.run(5000), "seed " + seed);
                assertEquals(one.engine.carriedOut(), other.engine.carriedOut(), "seed " + seed);
                assertArrayEquals(
                        Arrays.copyOf(one.state.slots(), Slots.GS_BASE + 1),
                        Arrays.copyOf(other.state.slots(), Slots.GS_BASE + 1),
                        "seed " + seed);
            }
            assertEquals(-1, one.memory.segment().mismatch(other.memory.segment()), "seed " + seed);
        }
    }
}
