// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/// Errors in the source of the x87 FPU and MMX are found by the host's processor.
final class SeededX87ErrorsTest {

    private static final List<String> OWN =
            List.of("org.provisor.impl.", "org.provisor.refine.cpu.");

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsTheProcessor() {
        final String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // Rounding.
                "fmul # X87Result # rest != Long.MIN_VALUE # rest == Long.MIN_VALUE",
                "fadd # X87Result # rounding == (negative ? 1 : 2) # rounding == 2",
                "fdiv # X87Result # power += WRAP # power += WRAP + 1",
                "fmul # X87Result # raised |= inexact ? X87.UE | X87.PE : 0 # raised |= X87.UE",
                "fsub # X87Arithmetic # difference, -low, # difference, low,",
                "fsqrt # X87Arithmetic # restHigh != 0 || # restHigh != 1 ||",
                "fst # X87Formats # 1 - most, # -most,",
                "fisttp # X87Unit # control |= 3 << 10 # control |= 1 << 10",
                // Operands.
                "fmul # X87Arithmetic # order == 0 && !a.negative # order == 0",
                "fdiv # X87Arithmetic # result.raised = X87.ZE # result.raised |= X87.ZE",
                "fmul # X87Number # bits >= 0 # bits == 0",
                "fprem # X87Arithmetic # 32 + (distance & 31) # 63",
                "fprem1 # X87Arithmetic # order == 0 && (quotient & 1) != 0 # order == 0",
                "fcomi # X87Unit # slots[Slots.X87_STATUS] |= before # slots[Slots.X87_STATUS] |="
                        + " 0",
                "fbld # X87Formats # magnitude * 10 # magnitude * 16",
                // The stack.
                "fxch # X87Unit # store(i, slots) # store(0, slots)",
                "fld # X87Unit # result.raised == X87.DE # false",
                "fcmov # X87Unit # if (moves) { # if (!moves) {",
                // State.
                "fnsave # X87Areas # field == 0 && bits == 0 # bits == 0",
                "fxrstor # FxArea # << 7 >> 7 # << 16 >> 16",
                "fnstenv # X87Areas # slots[Slots.X87_CONTROL] |= X87.EXCEPTIONS # return",
                // All state.
                "xsave # XsaveArea # (before & ~wanted) | (inUse & wanted) # inUse & wanted",
                "xsave # XsaveArea # wanted & Xcr0.SSE) != 0) { # written & 4) != 0) {",
                "xsaveopt # XsaveArea # FxArea.saveXmm(slots, memory, address, kind) #"
                        + " FxArea.saveXmm(slots, memory, address, 1)",
                "xrstor # XsaveArea # rest != 0 # rest == 1",
                "xrstor # XsaveArea # (present & ~enabled) != 0 # present == 0",
                "xrstor # XsaveArea # wanted & present & Xcr0.X87 # wanted & Xcr0.X87",
                "xrstor # XsaveArea # wanted & present & Xcr0.SSE # wanted & Xcr0.SSE",
                // Functions.
                "fsin # X87Functions # 0x90fdaa22168c234cL # 0x90fdaa22168c2350L",
                "fpatan # X87Functions # ARCTANGENT_TERMS = 20 # ARCTANGENT_TERMS = 7",
                "fyl2x # X87Functions # LOGARITHM_TERMS = 24 # LOGARITHM_TERMS = 9",
                // MMX.
                "movq # MmxExpander # ONES = 0xffff # ONES = 0x7fff",
                "palignr # MmxExpander # Slots.ZERO, Slots.ZERO, b, a # Slots.ZERO, Slots.ZERO, a,"
                        + " b",
                "emms # X87Unit # X87.setTop(slots, 0) # X87.setTop(slots, 1)",
            })
    void isFound(final String rows, final String file, final String right, final String wrong)
            throws Exception {
        final ChangedSource classes = ChangedSource.of(directory, "ir/" + file, right, wrong, OWN);
        assertEquals(1, differences(classes, rows), "differences");
    }

    @Test
    void withoutAnErrorNothingIsFound() {
        assertEquals(0, new X87Campaign().applyAsLong("f"));
    }

    @SuppressWarnings("unchecked") // The class says so.
    private static long differences(final ChangedSource classes, final String rows)
            throws ReflectiveOperationException {
        return ((ToLongFunction<String>) classes.made(X87Campaign.class)).applyAsLong(rows);
    }
}
