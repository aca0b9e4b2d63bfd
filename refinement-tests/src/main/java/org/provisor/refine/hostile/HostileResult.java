// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What came of running hostile kernels.
///
/// @param seed where chance started
/// @param kernels how many kernels ran, by what they did
/// @param instructions how many instructions they carried out, by what they did
/// @param exceptions how many exceptions were passed on to them
/// @param regions how many regions of their code were translated
/// @param evictions how many of those had to make room
/// @param endings how often they ended how
/// @param crashes why domains crashed, how often
/// @param nanos how long it took
/// @param findings what should not be, a line each
public record HostileResult(
        long seed,
        Map<Mischief, Long> kernels,
        Map<Mischief, Long> instructions,
        long exceptions,
        long hypercalls,
        long regions,
        long evictions,
        Map<String, Long> endings,
        Map<String, Long> crashes,
        long nanos,
        List<String> findings) {

    public HostileResult {
        kernels = Map.copyOf(kernels);
        instructions = Map.copyOf(instructions);
        endings = Map.copyOf(endings);
        crashes = Map.copyOf(crashes);
        findings = List.copyOf(findings);
    }

    public long allKernels() {
        return all(kernels);
    }

    public long allInstructions() {
        return all(instructions);
    }

    private static long all(final Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// A line or more for what there is.
    public String text() {
        final StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%,d kernels, %,d instructions in %.1f s, %,.0f a second; seed 0x%x%n",
                        allKernels(),
                        allInstructions(),
                        nanos / 1e9,
                        nanos == 0 ? 0 : allInstructions() * 1e9 / nanos,
                        seed));
        for (final Mischief mischief : Mischief.values()) {
            final long count = kernels.getOrDefault(mischief, 0L);
            if (count > 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "  %-8s %,8d kernels  %,16d instructions%n",
                                mischief,
                                count,
                                instructions.getOrDefault(mischief, 0L)));
            }
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "%,d exceptions, %,d hypercalls; %,d regions translated, %,d made room%n",
                        exceptions,
                        hypercalls,
                        regions,
                        evictions));
        text.append(counts("endings", endings)).append(counts("crashes", crashes));
        return text.append("findings: ").append(findings.size()).append('\n').toString();
    }

    private static String counts(final String what, final Map<String, Long> counts) {
        final StringBuilder text = new StringBuilder();
        new TreeMap<>(counts)
                .forEach((name, count) ->
                        text.append(String.format(Locale.ROOT, "  %,8d %s%n", count, name)));
        return text.isEmpty() ? "" : what + ":\n" + text;
    }
}
