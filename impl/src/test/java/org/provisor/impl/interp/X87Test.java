// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.cpu.X87;

import java.util.List;

/// What of the x87 FPU and MMX the host's processor cannot be asked, and a few numbers to read.
final class X87Test {

    private static final String FLD1 = "d9e8";
    private static final String FLDZ = "d9ee";
    private static final String FLDPI = "d9eb";
    private static final String FADD = "d8c1";
    private static final String FDIVP = "def9";
    private static final String FSIN = "d9fe";
    private static final String FWAIT = "9b";
    private static final String FNINIT = "dbe3";
    private static final String FNCLEX = "dbe2";
    private static final String FNSTSW_AX = "dfe0";
    private static final String FLDCW = "d92b";
    private static final String FNSTENV = "d933";
    private static final String FLDENV = "d923";
    private static final String FSTP_DOUBLE = "dd1b";
    private static final String FILD_WORD = "df03";
    private static final String MOVQ_TO_MM1 = "0f6f0b";
    private static final String PADDB = "0ffcc1";
    private static final String EMMS = "0f77";

    private static final long CODE = FlatMemory.BASE;
    private static final long DATA = FlatMemory.BASE + 0x1000;
    private static final long END = FlatMemory.BASE + 0x2000;

    private final CpuState state = new CpuState();
    private final FlatMemory memory = new FlatMemory(state.fault());
    private final Interpreter interpreter = new Interpreter();

    @BeforeEach
    void pointer() {
        state.set(Slots.RBX, DATA);
    }

    private void run(final String... instructions) {
        for (final String hex : instructions) {
            assertEquals(Exits.LIMIT, step(hex), hex);
        }
    }

    private void faults(final int vector, final String hex) {
        assertEquals(Exits.EXCEPTION, step(hex), hex);
        assertEquals(vector, state.fault().vector(), hex);
        assertEquals(CODE, state.get(Slots.RIP));
    }

    private int step(final String hex) {
        memory.code(CODE, hex);
        state.set(Slots.RIP, CODE);
        return interpreter.run(state, memory, 1);
    }

    /// ST(0), popped.
    private double popped() {
        run(FSTP_DOUBLE);
        return Double.longBitsToDouble(memory.load(DATA, 8));
    }

    @Test
    void numbersToRead() {
        memory.store(DATA, 2, 0xfff9);
        run(FNINIT, FLD1, FILD_WORD, FDIVP);
        assertEquals(-1.0 / 7, popped());
        run(FLDPI, FLD1, FADD);
        assertEquals(Math.PI + 1, popped());
        assertEquals(Math.PI, popped());
        run(FLD1, FSIN);
        assertEquals(Math.sin(1), popped());
        assertEquals(0, state.get(Slots.X87_TAGS));
    }

    @Test
    void notAvailableWhileTasksAreSwitched() {
        state.set(Slots.TASK_SWITCHED, 1);
        state.set(Slots.RBX, END);
        for (final String hex :
                List.of(FLD1, FWAIT, FNINIT, FNSTSW_AX, FNSTENV, FSTP_DOUBLE, MOVQ_TO_MM1, EMMS)) {
            faults(Vectors.NM, hex);
        }
        state.set(Slots.TASK_SWITCHED, 0);
        faults(Vectors.PF, MOVQ_TO_MM1);
    }

    /// An exception that is not masked is taken by the next instruction that waits, of MMX too.
    @Test
    void exceptionsWait() {
        run(FNINIT, FLD1, FLDZ);
        memory.store(DATA, 2, X87.CONTROL_RESET & ~X87.ZE);
        run(FLDCW, FDIVP);
        for (final String hex : List.of(FLD1, FWAIT, FLDCW, FLDENV, PADDB, EMMS)) {
            faults(Vectors.MF, hex);
        }
        run(FNSTSW_AX);
        final int status = X87.ES | X87.BUSY | X87.ZE | 6 << X87.TOP_SHIFT;
        assertEquals(status, state.get(Slots.RAX));
        assertFalse(X87.isEmpty(state.slots(), 1));
        run(FNCLEX, FWAIT, FLDZ);
        assertFalse(X87.isPending(state.slots()));
        assertEquals(5, X87.top(state.slots()));
    }

    /// An exception that has been taken in with its mask set waits once the mask is clear.
    @Test
    void masksCountWhenTheyAreLookedAt() {
        run(FNINIT, FLD1, FLDZ, FDIVP, FWAIT);
        memory.store(DATA, 2, 0);
        run(FLDCW);
        faults(Vectors.MF, FWAIT);
    }

    @Test
    void theLastInstructionAndItsOperandAreNoted() {
        state.set(Slots.CS, 0x33);
        state.set(Slots.SS, 0x2b);
        state.set(Slots.DS, 0x7b);
        state.set(Slots.FS_BASE, 0x10);
        state.set(Slots.RBX, DATA - 0x10);
        run(FNINIT, "64" + FILD_WORD);
        state.set(Slots.RBX, DATA);
        run(FNSTSW_AX, FNSTENV);
        assertEquals(CODE, memory.load(DATA + 12, 4));
        assertEquals(0x703_0033, memory.load(DATA + 16, 4));
        assertEquals(DATA - 0x10, memory.load(DATA + 20, 4));
        assertEquals(0xffff_007bL, memory.load(DATA + 24, 4));
    }

    @Test
    void aStoreThatFaultsDoesNotPop() {
        run(FNINIT, FLD1);
        state.set(Slots.RBX, END - 4);
        faults(Vectors.PF, FSTP_DOUBLE);
        assertEquals(END, state.fault().address());
        assertEquals(7, X87.top(state.slots()));
        assertEquals(0, memory.load(END - 4, 4));
    }

    @Test
    void mmxRegistersAreSignificands() {
        run(FNINIT, FLD1);
        memory.store(DATA, 8, 0x0102_0304_0506_0708L);
        run(MOVQ_TO_MM1);
        assertEquals(0, X87.top(state.slots()));
        assertEquals(0xff, state.get(Slots.X87_TAGS));
        assertEquals(0x0102_0304_0506_0708L, state.get(Slots.mmx(1)));
        assertEquals(0xffff, state.get(Slots.mmx(1) + 1));
        // The 1 that had been pushed.
        assertEquals(Long.MIN_VALUE, state.get(Slots.mmx(7)));
        run(PADDB);
        assertEquals(0x0102_0304_0506_0708L, state.get(Slots.mmx(0)));
        run(EMMS);
        assertEquals(0, state.get(Slots.X87_TAGS));
        assertTrue(X87.isEmpty(state.slots(), 1));
    }
}
