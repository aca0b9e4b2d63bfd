// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.interp.Interpreter;

import java.util.Objects;

/// Errors in floating point that no row of the table can hold are found: they are put around an
/// instruction, into what it sees of MXCSR and operands or into what it leaves.
final class SeededFloatErrorsTest {

    private static final long SEED = 0x5eed;

    /// An error, and what shows it.
    enum FloatError {
        ROUNDING_IGNORED("mulsd", Mxcsr.ROUNDING, 0),
        FLUSHING_IGNORED("mulsd", Mxcsr.FTZ, 0),
        DENORMALS_NOT_ZERO("addps", Mxcsr.DAZ, 0),
        MASK_IGNORED("divsd", 0, Mxcsr.EXCEPTIONS << Mxcsr.MASK_SHIFT),
        FLAG_NOT_STICKY("addsd", 0, 0),
        FLAG_FORGOTTEN("cvtsd2ss", 0, 0),
        NAN_ORDER("subps", 0, 0),
        REGISTER_WRITTEN_BEFORE_THE_FAULT("sqrtpd", 0, 0);

        private final String rows;

        /// Bits of MXCSR that the instruction does not see.
        private final int hidden;

        /// Bits that it sees set.
        private final int set;

        FloatError(final String rows, final int hidden, final int set) {
            this.rows = rows;
            this.hidden = hidden;
            this.set = set;
        }
    }

    /// An interpreter with an error.
    private static final class Wrong extends Interpreter {

        private final FloatError error;
        private final CpuState copy = new CpuState();

        Wrong(final FloatError error) {
            this.error = error;
        }

        @Override
        public int step(final CpuState state, final LinearMemory memory) {
            final long before = state.get(Slots.MXCSR);
            System.arraycopy(state.slots(), 0, copy.slots(), 0, Slots.COUNT);
            state.set(Slots.MXCSR, (before & ~error.hidden) | error.set);
            final int exit = super.step(state, memory);
            final long flags = state.get(Slots.MXCSR) & Mxcsr.EXCEPTIONS;
            state.set(Slots.MXCSR, (before & ~(long) Mxcsr.EXCEPTIONS) | flags);
            seed(state, before, exit);
            return exit;
        }

        private void seed(final CpuState state, final long before, final int exit) {
            final int reg = Slots.xmm(instruction().reg());
            final int rm = Slots.xmm(instruction().rm());
            final boolean registers = !instruction().isMemory();
            switch (error) {
                case FLAG_NOT_STICKY -> {
                    final long raised = state.get(Slots.MXCSR) & ~before;
                    state.set(Slots.MXCSR, (before & ~(long) Mxcsr.EXCEPTIONS) | raised);
                }
                case FLAG_FORGOTTEN ->
                        state.set(
                                Slots.MXCSR,
                                (state.get(Slots.MXCSR) & ~(long) Mxcsr.UE) | (before & Mxcsr.UE));
                case NAN_ORDER -> {
                    final float a = Float.intBitsToFloat((int) copy.get(reg));
                    final float b = Float.intBitsToFloat((int) copy.get(rm));
                    if (exit == Exits.LIMIT && registers && Float.isNaN(a) && Float.isNaN(b)) {
                        final long quiet = (copy.get(rm) & 0xffffffffL) | 1 << 22;
                        state.set(reg, (state.get(reg) & ~0xffffffffL) | quiet);
                    }
                }
                case REGISTER_WRITTEN_BEFORE_THE_FAULT -> {
                    if (exit == Exits.EXCEPTION && state.fault().vector() == Vectors.XM) {
                        state.set(reg, 0);
                    }
                }
                default -> {}
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFound(final FloatError error) {
        final String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
        final CpuFuzzResult result = run(error, true);
        assertFalse(result.differences().isEmpty(), "not found");
        assertTrue(result.differences().getFirst().kind().startsWith(error.rows));
        assertEquals(0, run(error, false).differences().size());
    }

    private static CpuFuzzResult run(final FloatError error, final boolean wrong) {
        return new CpuFuzz(() -> wrong ? new Wrong(error) : new Interpreter())
                .seed(SEED)
                .snippets(20_000)
                .maxDifferences(1)
                .only(error.rows)
                .run();
    }
}
