// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.ir.Segments;

/// Into compatibility mode and out of it, and its segments, where no processor can be asked.
final class CompatibilityTest {

    private static final long CODE = FlatMemory.BASE;
    private static final long DATA = FlatMemory.BASE + 0x1000;

    private static final int CODE_64 = 0x0b;
    private static final int FLAT = 0x13;
    private static final int CODE_32 = 0x1b;
    private static final int PAGE = 0x23;
    private static final int BASED_CODE = 0x2b;

    private final CpuState state = new CpuState();
    private final FlatMemory memory = new FlatMemory(state.fault());
    private final Interpreter interpreter = new Interpreter();

    /// A descriptor of privilege level 3 that is present and accessed.
    private static long segment(final int type, final long base, final long limit) {
        return 0x0040_F100_0000_0000L
                | (long) type << 40
                | (base & 0xFF_FFFF) << 16
                | base >>> 24 << 56
                | (limit & 0xFFFF)
                | limit >>> 16 << 48;
    }

    /// 64-bit code, flat data, flat 32-bit code, 16 bytes of data, 16 bytes of code.
    private static final class Table implements DescriptorTables {

        private static final long[] DESCRIPTORS = {
            0,
            0x00AF_FB00_0000_FFFFL,
            0x00CF_F300_0000_FFFFL,
            0x00CF_FB00_0000_FFFFL,
            segment(2, DATA, 15),
            segment(10, CODE, 15)
        };

        @Override
        public long find(final int selector) {
            return selector >> 3 < DESCRIPTORS.length ? selector >> 3 : BEYOND;
        }

        @Override
        public long read(final long at) {
            return DESCRIPTORS[(int) at];
        }

        @Override
        public void replace(final long at, final long before, final long value) {
            throw new IllegalStateException("all are marked");
        }

        @Override
        public long register(final int which) {
            return 0;
        }
    }

    @BeforeEach
    void tables() {
        state.setTables(new Table());
        state.set(Slots.CS, CODE_64);
        state.set(Slots.SS, FLAT);
        state.set(Slots.DS, FLAT);
        Segments.refresh(state);
        state.set(Slots.RSP, DATA + 0x80);
    }

    private int run(final String hex, final long limit) {
        memory.code(CODE, hex);
        return interpreter.run(state, memory, limit);
    }

    /// 4 bytes, the lowest first.
    private static String little(final long value) {
        return "%08x".formatted(Integer.reverseBytes((int) value));
    }

    private void in32(final int code) {
        state.set(Slots.CS, code);
        Segments.refresh(state);
    }

    private void faults(final int vector, final String hex) {
        assertEquals(Exits.EXCEPTION, run(hex, 1));
        assertEquals(vector, state.fault().vector());
        assertEquals(0, state.fault().errorCode());
    }

    /// `retfq` to `inc eax; push eax`, then `jmp 0x0b:` behind it, and `inc rax`.
    @Test
    void thereAndBack() {
        memory.store(DATA + 0x80, 8, CODE + 2);
        memory.store(DATA + 0x88, 8, CODE_32);
        state.set(Slots.RIP, CODE);
        state.set(Slots.RAX, -1);
        final String far = "ea" + little(CODE + 11) + "0b00";
        assertEquals(Exits.LIMIT, run("48cb 40 50" + far + "48ffc0", 1));
        assertTrue(state.segments().isCompatible());
        assertEquals(CODE_32, state.get(Slots.CS));
        assertEquals(Exits.LIMIT, interpreter.run(state, memory, 3));
        assertFalse(state.segments().isCompatible());
        assertEquals(0, state.get(Slots.RAX));
        assertEquals(DATA + 0x8c, state.get(Slots.RSP));
        assertEquals(0, memory.load(DATA + 0x8c, 4));
        assertEquals(CODE + 11, state.get(Slots.RIP));
        assertEquals(Exits.LIMIT, interpreter.run(state, memory, 1));
        assertEquals(1, state.get(Slots.RAX));
    }

    /// `mov eax, [12]` and `[13]`, `mov [16], al`, in a segment of 16 bytes.
    @Test
    void aSegmentHasABaseAndALimit() {
        state.set(Slots.DS, PAGE);
        in32(CODE_32);
        state.set(Slots.RIP, CODE);
        memory.store(DATA + 12, 4, 0x1234_5678);
        assertEquals(Exits.LIMIT, run("a10c000000", 1));
        assertEquals(0x1234_5678, state.get(Slots.RAX));
        state.set(Slots.RIP, CODE);
        faults(Vectors.GP, "a10d000000");
        faults(Vectors.GP, "a210000000");
        state.set(Slots.SELECTORS, 0);
        in32(CODE_32);
        state.set(Slots.RDI, 0);
        faults(Vectors.GP, "aa");
        state.set(Slots.SS, PAGE);
        in32(CODE_32);
        state.set(Slots.RSP, 0x20);
        faults(Vectors.SS, "50");
        state.set(Slots.RSP, 16);
        assertEquals(Exits.LIMIT, run("50", 1));
        assertEquals(12, state.get(Slots.RSP));
    }

    /// `jmp` behind the end, an instruction across it, and a target of 16 bits.
    @Test
    void codeHasALimitToo() {
        in32(BASED_CODE);
        state.set(Slots.RIP, 0);
        faults(Vectors.GP, "eb0e");
        assertEquals(Exits.LIMIT, run("eb0c", 1));
        assertEquals(14, state.get(Slots.RIP));
        faults(Vectors.GP, "eb0c 9090909090909090909090 90 b80000");
        state.set(Slots.RIP, 0);
        assertEquals(Exits.LIMIT, run("66e90400", 1));
        assertEquals(8, state.get(Slots.RIP));
        in32(CODE_32);
        state.set(Slots.RIP, CODE);
        assertEquals(Exits.LIMIT, run("66e90000", 1));
        assertEquals((CODE + 4) & 0xffff, state.get(Slots.RIP));
    }

    @Test
    void whatThereIsNot() {
        in32(CODE_32);
        state.set(Slots.RIP, CODE);
        faults(Vectors.UD, "0f05");
    }
}
