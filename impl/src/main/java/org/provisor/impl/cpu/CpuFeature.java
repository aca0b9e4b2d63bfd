// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What `cpuid` says of a processor, feature by feature: all that this one has.
///
/// @xen xen/include/public/arch-x86/cpufeatureset.h
/// @xen xen/tools/gen-cpuid.py, on which feature needs which
public enum CpuFeature {
    FPU(Word.BASIC_EDX, 0, "fpu"),
    TSC(Word.BASIC_EDX, 4, "tsc"),
    MSR(Word.BASIC_EDX, 5, "msr"),
    PAE(Word.BASIC_EDX, 6, "pae"),
    CX8(Word.BASIC_EDX, 8, "cx8"),
    PGE(Word.BASIC_EDX, 13, "pge"),
    CMOV(Word.BASIC_EDX, 15, "cmov"),
    CLFLUSH(Word.BASIC_EDX, 19, "clflush"),
    MMX(Word.BASIC_EDX, 23, "mmx", FPU),
    FXSR(Word.BASIC_EDX, 24, "fxsr"),
    SSE(Word.BASIC_EDX, 25, "sse", FXSR),
    SSE2(Word.BASIC_EDX, 26, "sse2", SSE),

    SSE3(Word.BASIC_ECX, 0, "sse3", SSE2),
    PCLMULQDQ(Word.BASIC_ECX, 1, "pclmulqdq", SSE2),
    SSSE3(Word.BASIC_ECX, 9, "ssse3", SSE3),
    SSE4_1(Word.BASIC_ECX, 19, "sse4-1", SSSE3),
    SSE4_2(Word.BASIC_ECX, 20, "sse4-2", SSE4_1),
    MOVBE(Word.BASIC_ECX, 22, "movbe"),
    POPCNT(Word.BASIC_ECX, 23, "popcnt"),
    AESNI(Word.BASIC_ECX, 25, "aesni", SSE2),

    XSAVE(Word.BASIC_ECX, 26, "xsave"),
    XSAVEOPT(Word.XSTATE_EAX, 0, "xsaveopt", XSAVE),

    FSGSBASE(Word.SEVEN_EBX, 0, "fsgsbase"),
    BMI1(Word.SEVEN_EBX, 3, "bmi1"),
    BMI2(Word.SEVEN_EBX, 8, "bmi2"),
    ADX(Word.SEVEN_EBX, 19, "adx"),
    CLFLUSHOPT(Word.SEVEN_EBX, 23, "clflushopt"),

    SYSCALL(Word.EXTENDED_EDX, 11, "syscall"),
    NX(Word.EXTENDED_EDX, 20, "nx", PAE),
    RDTSCP(Word.EXTENDED_EDX, 27, "rdtscp", TSC),
    LM(Word.EXTENDED_EDX, 29, "lm", PAE, SSE2),

    CX16(Word.BASIC_ECX, 13, "cx16", LM),
    LAHF_LM(Word.EXTENDED_ECX, 0, "lahf-lm", LM),
    ABM(Word.EXTENDED_ECX, 5, "abm"),
    PREFETCHW(Word.EXTENDED_ECX, 8, "3dnowprefetch");

    /// The words of `cpuid` that name features.
    public enum Word {
        /// Leaf 1.
        BASIC_EDX,
        BASIC_ECX,
        /// Leaf 7, subleaf 0.
        SEVEN_EBX,
        /// Leaf 0xD, subleaf 1.
        XSTATE_EAX,
        /// Leaf 0x80000001.
        EXTENDED_EDX,
        EXTENDED_ECX
    }

    private final Word word;
    private final int bit;
    private final String xenName;
    private final @Nullable CpuFeature need;
    private final @Nullable CpuFeature otherNeed;

    CpuFeature(final Word word, final int bit, final String xenName) {
        this(word, bit, xenName, null, null);
    }

    CpuFeature(final Word word, final int bit, final String xenName, final CpuFeature need) {
        this(word, bit, xenName, need, null);
    }

    CpuFeature(
            final Word word,
            final int bit,
            final String xenName,
            final @Nullable CpuFeature need,
            final @Nullable CpuFeature otherNeed) {
        this.word = word;
        this.bit = bit;
        this.xenName = xenName;
        this.need = need;
        this.otherNeed = otherNeed;
    }

    /// Where its bit is.
    public Word word() {
        return word;
    }

    public int bit() {
        return bit;
    }

    /// What Xen's option `dom0-cpuid=` calls it.
    public String xenName() {
        return xenName;
    }

    /// Those without which it is not there either.
    public List<CpuFeature> needs() {
        return Stream.of(need, otherNeed).filter(Objects::nonNull).toList();
    }

    /// The feature of that name; null if there is none.
    static @Nullable CpuFeature named(final String xenName) {
        for (final CpuFeature feature : values()) {
            if (feature.xenName.equals(xenName)) {
                return feature;
            }
        }
        return null;
    }

    /// The feature that offers rows of the table of instructions, which has Linux's names; null if
    /// they are not of this processor.
    ///
    /// @param linuxName not empty
    static @Nullable CpuFeature offering(final String linuxName) {
        return switch (linuxName) {
            case "pni" -> SSE3;
            case "aes" -> AESNI;
            case "lahf" -> LAHF_LM;
            case "lzcnt" -> ABM;
            case "prefetchw" -> PREFETCHW;
            default -> named(linuxName.replace('_', '-'));
        };
    }
}
