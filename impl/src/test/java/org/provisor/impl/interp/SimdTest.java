// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;

/// What of SSE the host's processor cannot be asked, and a few numbers to read.
final class SimdTest {

    private static final String ADDPS = "0f58c1";
    private static final String DIVSD = "f20f5ec1";
    private static final String MOVAPS = "0f2803";
    private static final String MOVUPS_STORE = "0f1103";
    private static final String MOVNTI = "0fc303";
    private static final String LDMXCSR = "0fae13";
    private static final String FXSAVE = "0fae03";
    private static final String FXRSTOR = "0fae0b";

    private static final String XSAVE = "0fae23";
    private static final String XSAVEOPT = "0fae33";
    private static final String XRSTOR = "0fae2b";
    private static final String XGETBV = "0f01d0";

    private static final int HEADER = 512;

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

    private void run(final String hex) {
        assertEquals(Exits.LIMIT, step(hex));
    }

    private void faults(final int vector, final String hex) {
        assertEquals(Exits.EXCEPTION, step(hex));
        assertEquals(vector, state.fault().vector());
        assertEquals(CODE, state.get(Slots.RIP));
    }

    private int step(final String hex) {
        memory.code(CODE, hex);
        state.set(Slots.RIP, CODE);
        return interpreter.run(state, memory, 1);
    }

    private void set(final int register, final double value) {
        state.set(Slots.xmm(register), Double.doubleToRawLongBits(value));
    }

    private double get(final int register) {
        return Double.longBitsToDouble(state.get(Slots.xmm(register)));
    }

    @Test
    void notAvailableWhileTasksAreSwitched() {
        state.set(Slots.TASK_SWITCHED, 1);
        state.set(Slots.RBX, DATA + 1);
        faults(Vectors.NM, ADDPS);
        faults(Vectors.NM, MOVAPS);
        faults(Vectors.NM, LDMXCSR);
        faults(Vectors.NM, FXSAVE);
        faults(Vectors.NM, XSAVE);
        run(MOVNTI);
        state.set(Slots.TASK_SWITCHED, 0);
        faults(Vectors.GP, MOVAPS);
    }

    @Test
    void anExceptionThatIsNotMaskedWritesItsFlagOnly() {
        state.set(Slots.MXCSR, Mxcsr.RESET & ~(Mxcsr.ZE << Mxcsr.MASK_SHIFT));
        set(0, 5);
        set(1, 0);
        faults(Vectors.XM, DIVSD);
        assertEquals(5, get(0));
        assertEquals(Mxcsr.ZE, state.get(Slots.MXCSR) & Mxcsr.EXCEPTIONS);
        set(1, 2);
        run(DIVSD);
        assertEquals(2.5, get(0));
        assertEquals(Mxcsr.ZE, state.get(Slots.MXCSR) & Mxcsr.EXCEPTIONS);
    }

    @Test
    void rounding() {
        final double[] thirds = {
            1.0 / 3, 1.0 / 3, Math.nextUp(1.0 / 3), 1.0 / 3,
        };
        for (int mode = Mxcsr.NEAREST; mode <= Mxcsr.TRUNCATE; mode++) {
            state.set(Slots.MXCSR, Mxcsr.RESET | mode << Mxcsr.ROUNDING_SHIFT);
            set(0, 1);
            set(1, 3);
            run(DIVSD);
            assertEquals(thirds[mode], get(0));
            assertEquals(Mxcsr.PE, state.get(Slots.MXCSR) & Mxcsr.EXCEPTIONS);
        }
    }

    @Test
    void reservedBitsOfMxcsr() {
        memory.store(DATA, 4, Mxcsr.RESET | 1 << 17);
        faults(Vectors.GP, LDMXCSR);
        assertEquals(Mxcsr.RESET, state.get(Slots.MXCSR));
        memory.store(DATA, 4, 0xffc0);
        run(LDMXCSR);
        assertEquals(0xffc0, state.get(Slots.MXCSR));
    }

    @Test
    void aStoreThatCrossesIntoNothingStoresNothing() {
        state.set(Slots.XMM, -1);
        state.set(Slots.XMM + 1, -1);
        state.set(Slots.RBX, END - 8);
        faults(Vectors.PF, MOVUPS_STORE);
        assertEquals(END, state.fault().address());
        assertEquals(0, memory.load(END - 8, 8));
    }

    /// @sdm 2, "FXSAVE—Save x87 FPU, MMX Technology, and SSE State"
    @Test
    void savedState() {
        for (int i = 0; i < 16; i++) {
            state.set(Slots.xmm(i), i);
            state.set(Slots.xmm(i) + 1, ~i);
        }
        memory.store(DATA + 416, 8, 42);
        run(FXSAVE);
        assertEquals(0x37f, memory.load(DATA, 8));
        assertEquals(Mxcsr.RESET, memory.load(DATA + 24, 4));
        assertEquals(Mxcsr.ALL, memory.load(DATA + 28, 4));
        assertEquals(15, memory.load(DATA + 160 + 15 * 16, 8));
        assertEquals(~15, memory.load(DATA + 168 + 15 * 16, 8));
        assertEquals(42, memory.load(DATA + 416, 8));
        memory.store(DATA, 2, 0xf27f);
        memory.store(DATA + 24, 4, 0x9fff);
        memory.store(DATA + 160, 8, 77);
        run(FXRSTOR);
        assertEquals(77, state.get(Slots.XMM));
        assertEquals(0x9fff, state.get(Slots.MXCSR));
        assertEquals(0x127f, state.get(Slots.X87_CONTROL));
    }

    @Test
    void savedStateThatFaults() {
        state.set(Slots.RBX, DATA + 8);
        faults(Vectors.GP, FXSAVE);
        state.set(Slots.RBX, END - 256);
        faults(Vectors.PF, FXSAVE);
        assertEquals(0, memory.load(END - 256, 8));
        state.set(Slots.RBX, DATA);
        memory.store(DATA + 24, 4, 0x1_0000);
        memory.store(DATA + 160, 8, 77);
        faults(Vectors.GP, FXRSTOR);
        assertEquals(0, state.get(Slots.XMM));
    }

    private long header() {
        return memory.load(DATA + HEADER, 8);
    }

    /// A processor need not know that a part is as after a reset; this one does.
    @Test
    void whatIsAsAfterAResetIsNotSaidToBeThere() {
        state.set(Slots.RAX, 3);
        memory.store(DATA + HEADER, 8, 0x10);
        memory.store(DATA, 2, 0x1234);
        run(XSAVEOPT);
        assertEquals(0x10, header());
        assertEquals(0x1234, memory.load(DATA, 2), "left alone");
        run(XSAVE);
        assertEquals(0x10, header());
        assertEquals(0x37f, memory.load(DATA, 2));
        set(15, 1.0);
        state.set(Slots.X87_TAGS, 1);
        run(XSAVE);
        assertEquals(0x13, header());
        state.set(Slots.RAX, 2);
        set(15, 0.0);
        run(XSAVE);
        assertEquals(0x11, header());
    }

    @Test
    void onlyWhatIsEnabled() {
        state.setXcr0(1);
        state.set(Slots.RAX, 3);
        set(0, 1.0);
        state.set(Slots.X87_TAGS, 1);
        run(XSAVE);
        assertEquals(1, header());
        run(XRSTOR);
        assertEquals(1.0, get(0));
        memory.store(DATA + HEADER, 8, 2);
        faults(Vectors.GP, XRSTOR);
        state.setXcr0(3);
        run(XRSTOR);
        assertEquals(0, state.get(Slots.X87_TAGS));
    }

    @Test
    void theExtendedControlRegister() {
        state.set(Slots.RAX, -1);
        state.set(Slots.RDX, -1);
        run(XGETBV);
        assertEquals(3, state.get(Slots.RAX));
        assertEquals(0, state.get(Slots.RDX));
        state.set(Slots.RCX, 1);
        faults(Vectors.GP, XGETBV);
    }
}
