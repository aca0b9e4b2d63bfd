// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// A domain's policy: which features its processor has. What a feature needs is there too.
///
/// @xen xen/arch/x86/cpuid.c, sanitise_featureset
public final class CpuFeatures {

    private static final List<String> YES = List.of("yes", "on", "true", "enable", "1");
    private static final List<String> NO = List.of("no", "off", "false", "disable", "0");

    /// All that there are.
    public static final CpuFeatures ALL = new CpuFeatures(EnumSet.allOf(CpuFeature.class));

    private final EnumSet<CpuFeature> there;

    private CpuFeatures(final EnumSet<CpuFeature> wanted) {
        there = wanted;
        boolean changed = true;
        while (changed) {
            changed = there.removeIf(feature -> !there.containsAll(feature.needs()));
        }
    }

    /// All but these, and what needs one of them.
    public static CpuFeatures without(final Set<CpuFeature> gone) {
        final EnumSet<CpuFeature> left = EnumSet.allOf(CpuFeature.class);
        left.removeAll(gone);
        return new CpuFeatures(left);
    }

    /// All, changed by a text as Xen's option `dom0-cpuid=` has it: names with commas between, each
    /// with `no-` before it, or `=no` behind it, to leave it out. The last that names a feature
    /// counts.
    ///
    /// @throws IllegalArgumentException if the text is not of that form; says why
    public static CpuFeatures parse(final String text) {
        final EnumSet<CpuFeature> gone = EnumSet.noneOf(CpuFeature.class);
        for (final String part : text.split(",", -1)) {
            final boolean negated = part.startsWith("no-");
            final int equals = part.indexOf('=');
            final String value = equals < 0 ? "yes" : part.substring(equals + 1);
            final String name =
                    part.substring(negated ? 3 : 0, equals < 0 ? part.length() : equals);
            final CpuFeature feature = CpuFeature.named(name);
            if (feature == null) {
                throw new IllegalArgumentException(
                        "the processor has no feature called '%s', but %s"
                                .formatted(name, names()));
            }
            if ((negated && equals >= 0) || !(YES.contains(value) || NO.contains(value))) {
                throw new IllegalArgumentException(
                        "a feature is written %1$s, no-%1$s, %1$s=yes or %1$s=no, not %2$s"
                                .formatted(name, part));
            }
            if (negated || NO.contains(value)) {
                gone.add(feature);
            } else {
                gone.remove(feature);
            }
        }
        return without(gone);
    }

    private static String names() {
        return Arrays.stream(CpuFeature.values())
                .map(CpuFeature::xenName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    public boolean has(final CpuFeature feature) {
        return there.contains(feature);
    }

    /// Whether rows of the table of instructions are there. Some are whatever `cpuid` says: those
    /// of the x87 FPU, as CR0.EM counts as clear; `syscall` and `sysenter`, which MSRs switch on;
    /// `prefetch`, which is no more than a hint.
    ///
    /// @param linuxName what the table says offers them; empty if nothing does
    /// @param in64 whether in 64-bit mode; without it `lahf` needs nothing
    public boolean offers(final String linuxName, final boolean in64) {
        return switch (linuxName) {
            case "", "fpu", "syscall", "sep", "prefetchw" -> true;
            case "lahf" -> !in64 || has(CpuFeature.LAHF_LM);
            default -> {
                final CpuFeature feature = CpuFeature.offering(linuxName);
                yield feature != null && has(feature);
            }
        };
    }

    /// One of the words of `cpuid` that name features.
    public int word(final CpuFeature.Word word) {
        int bits = 0;
        for (final CpuFeature feature : there) {
            if (feature.word() == word) {
                bits |= 1 << feature.bit();
            }
        }
        return bits;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final CpuFeatures features && there.equals(features.there);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(there);
    }

    @Override
    public String toString() {
        return there.stream().map(CpuFeature::xenName).collect(Collectors.joining(","));
    }
}
