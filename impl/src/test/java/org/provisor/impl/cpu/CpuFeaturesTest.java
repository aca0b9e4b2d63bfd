// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CpuFeaturesTest {

    private static final long HYPERVISOR = 1L << 31;

    private final CpuState state = new CpuState();

    private static CpuFeatures of(final String text) {
        return CpuFeatures.parse(text);
    }

    /// What is left out takes with it what needs it, also what is asked for.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-sse4-2 | sse4-2",
                "no-sse4-1 | sse4-1 sse4-2",
                "no-sse3 | sse3 ssse3 sse4-1 sse4-2",
                "no-sse3,sse4-2 | sse3 ssse3 sse4-1 sse4-2",
                "no-sse2 | sse2 sse3 pclmulqdq ssse3 cx16 sse4-1 sse4-2 aesni lahf-lm lm",
                "no-fpu | fpu mmx",
                "no-tsc | tsc rdtscp",
                "no-xsave | xsave xsaveopt",
                "no-pae | pae nx lm cx16 lahf-lm",
                "no-aesni,no-bmi1 | aesni bmi1",
                "no-aesni,aesni | ''",
                "aesni=off | aesni",
                "aesni=off,aesni=1 | ''",
            })
    void whatNeedsItGoesToo(final String text, final String gone) {
        final CpuFeatures features = of(text);
        for (final CpuFeature feature : CpuFeature.values()) {
            final boolean left = !(" " + gone + " ").contains(" " + feature.xenName() + " ");
            assertEquals(left, features.has(feature), feature.xenName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sse5", "no-", "no-sse2,", "no-sse2=yes", "sse2=maybe", "NO-SSE2"})
    void badTextIsRefused(final String text) {
        assertThrows(IllegalArgumentException.class, () -> of(text));
    }

    @Test
    void rowsGoByTheirFeature() {
        final CpuFeatures features = of("no-lahf-lm,no-sse3,no-fpu,no-syscall");
        assertTrue(features.offers("", true));
        assertTrue(features.offers("sse2", true));
        assertFalse(features.offers("pni", true));
        assertFalse(features.offers("lahf", true));
        assertTrue(features.offers("lahf", false));
        assertTrue(features.offers("fpu", true));
        assertTrue(features.offers("syscall", true));
        assertFalse(features.offers("rdrand", true));
    }

    private void cpuid(final CpuFeatures features, final int leaf, final int subleaf) {
        state.set(Slots.RAX, leaf);
        state.set(Slots.RCX, subleaf);
        new CpuidLeaves(features).answer(state, false);
    }

    /// Bits of ECX and EDX, by the manual.
    @Test
    void leavesSayTheSame() {
        cpuid(CpuFeatures.ALL, 1, 0);
        final long ecx = state.get(Slots.RCX);
        final long sse = 1 | 1 << 1 | 1 << 9 | 1 << 19 | 1 << 20 | 1 << 25;
        final long others = 1 << 13 | 1 << 22 | 1 << 23 | 1 << 26;
        assertEquals(HYPERVISOR | sse | others, ecx);
        assertEquals(0x0788_A171L, state.get(Slots.RDX));
        cpuid(of("no-sse2"), 1, 0);
        assertEquals(HYPERVISOR | 1 << 22 | 1 << 23 | 1 << 26, state.get(Slots.RCX));
        assertEquals(0x0388_A171L, state.get(Slots.RDX));
        cpuid(CpuFeatures.ALL, 7, 0);
        assertEquals(1 | 1 << 3 | 1 << 8 | 1 << 19 | 1 << 23, state.get(Slots.RBX));
        cpuid(CpuFeatures.ALL, 7, 1);
        assertEquals(0, state.get(Slots.RBX));
        cpuid(of("no-bmi2,no-adx"), 7, 0);
        assertEquals(1 | 1 << 3 | 1 << 23, state.get(Slots.RBX));
        cpuid(of("no-abm"), 0x8000_0001, 0);
        assertEquals(1 | 1 << 8, state.get(Slots.RCX));
        assertEquals(1 << 11 | 1 << 20 | 1 << 27 | 1 << 29, state.get(Slots.RDX));
    }

    @Test
    void extendedState() {
        cpuid(CpuFeatures.ALL, 0, 0);
        assertEquals(0xD, state.get(Slots.RAX));
        cpuid(CpuFeatures.ALL, 0xD, 0);
        assertEquals(3, state.get(Slots.RAX));
        assertEquals(576, state.get(Slots.RBX));
        assertEquals(576, state.get(Slots.RCX));
        cpuid(CpuFeatures.ALL, 0xD, 1);
        assertEquals(1, state.get(Slots.RAX));
        cpuid(of("no-xsaveopt"), 0xD, 1);
        assertEquals(0, state.get(Slots.RAX));
        cpuid(of("no-xsave"), 0xD, 0);
        assertEquals(0, state.get(Slots.RAX));
        assertEquals(0, state.get(Slots.RBX));
        cpuid(CpuFeatures.ALL, 0xD, 2);
        assertEquals(0, state.get(Slots.RAX));
    }
}
