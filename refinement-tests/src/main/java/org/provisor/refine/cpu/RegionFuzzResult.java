// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import java.util.List;
import java.util.Locale;

/// What a campaign of regions came to.
///
/// @param seed where chance started
/// @param regions how many were run on both engines
/// @param instructions how many instructions the interpreter carried out
/// @param translated how many regions the translator translated; most of them more than once, since
///   the next one is written over each
/// @param translatedInstructions how many instructions were in them
/// @param nanos how long it took
/// @param differences one of each kind
public record RegionFuzzResult(
        long seed,
        long regions,
        long instructions,
        long translated,
        long translatedInstructions,
        long nanos,
        List<CpuDifference> differences) {

    public RegionFuzzResult {
        differences = List.copyOf(differences);
    }

    public double regionsPerSecond() {
        return nanos == 0 ? 0 : regions * 1e9 / nanos;
    }

    /// A few lines.
    public String text() {
        return String.format(
                Locale.ROOT,
                "%,d regions in %.1f s, %,.0f a second; %,d instructions; seed 0x%x%n"
                        + "%,d translations of %,d instructions%n"
                        + "differences: %d%n",
                regions,
                nanos / 1e9,
                regionsPerSecond(),
                instructions,
                seed,
                translated,
                translatedInstructions,
                differences.size());
    }
}
