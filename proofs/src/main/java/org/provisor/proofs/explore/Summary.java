// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.util.Collections;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an exploration found. All but `nanos`, `tableBytes`, `logBytes` and `bufferBytes` depend on
/// the world and the limits only, not on threads or interruptions (a limit on time or memory
/// aside).
///
/// @param configuration [World#configuration()]
/// @param width longs in an encoded state
/// @param ending why it ended
/// @param states distinct states found
/// @param unexpanded states found whose successors are unknown; 0 if complete
/// @param statesPerLevel states by distance from the nearest initial state; the last level may be
///   incomplete unless the exploration is
/// @param transitions transitions taken, those that reach a known state included
/// @param selfLoops transitions from a state to itself
/// @param deadlocks expanded states with neither a transition nor a violation by an action
/// @param minOutDegree the fewest transitions out of an expanded state; 0 if none was expanded
/// @param maxOutDegree the most transitions out of an expanded state
/// @param transitionsByKind transitions by [World#kinds()], in that order
/// @param violations rules broken, by name; the first has the smallest (trace length, fingerprint
///   of the last state, action)
/// @param digest sum of the fingerprints of all states: equal for equal sets of states
/// @param collisionProbability the chance, at most, that a state was missed because another one has
///   the same fingerprint: states squared over 2^65; 0 for a width of 1
/// @param nanos time spent, in nanoseconds, earlier runs of the same exploration included
/// @param tableBytes bytes of the visited set, off the heap
/// @param logBytes bytes of the state log, off the heap or in its file
/// @param bufferBytes bytes of the workers' buffers, on the heap
public record Summary(
        String configuration,
        int width,
        Ending ending,
        long states,
        long unexpanded,
        List<Long> statesPerLevel,
        long transitions,
        long selfLoops,
        long deadlocks,
        int minOutDegree,
        int maxOutDegree,
        Map<String, Long> transitionsByKind,
        List<Violation> violations,
        long digest,
        double collisionProbability,
        long nanos,
        long tableBytes,
        long logBytes,
        long bufferBytes) {

    private static final int LEVELS_SHOWN = 64;

    public Summary {
        statesPerLevel = List.copyOf(statesPerLevel);
        transitionsByKind = Collections.unmodifiableMap(new LinkedHashMap<>(transitionsByKind));
        violations = List.copyOf(violations);
    }

    /// Every reachable state was found and expanded.
    public boolean complete() {
        return ending == Ending.COMPLETE;
    }

    /// Complete, and nothing was broken.
    public boolean holds() {
        return complete() && violations.isEmpty();
    }

    /// The deepest level with a state: if complete, the eccentricity of the initial states.
    public int depth() {
        return statesPerLevel.size() - 1;
    }

    /// States whose successors are known.
    public long expanded() {
        return states - unexpanded;
    }

    /// Transitions per expanded state; 0 if none was expanded.
    public double meanOutDegree() {
        return expanded() == 0 ? 0 : (double) transitions / expanded();
    }

    /// Transitions per second of time spent; 0 if no time has passed.
    public double transitionsPerSecond() {
        return nanos == 0 ? 0 : transitions * 1e9 / nanos;
    }

    /// The reason for the ending, with what was left undone, on one line.
    public String endingText() {
        return complete()
                ? ending.text()
                : String.format(
                        Locale.ROOT,
                        "incomplete: %s; depth %d, %,d states, %,d of them unexpanded",
                        ending.text(),
                        depth(),
                        states,
                        unexpanded);
    }

    /// The summary as lines of text, each ended by a line feed, traces included.
    public String text() {
        final StringBuilder text = new StringBuilder();
        final Formatter out = new Formatter(text, Locale.ROOT);
        out.format("world             %s\n", configuration);
        out.format("ending            %s\n", endingText());
        out.format("states            %,d, digest %016x\n", states, digest);
        out.format("transitions       %,d, self-loops %,d\n", transitions, selfLoops);
        out.format("depth             %d\n", depth());
        out.format("states per level  %s\n", levelsText());
        out.format(
                "out-degree        min %d, mean %.2f, max %d; deadlocks %,d\n",
                minOutDegree, meanOutDegree(), maxOutDegree, deadlocks);
        transitionsByKind.forEach((kind, count) -> out.format("  %-16s%,d\n", kind + " ", count));
        out.format("collision         probability at most %.2g\n", collisionProbability);
        out.format(
                "time              %.3f s, %,.0f transitions/s\n",
                nanos / 1e9, transitionsPerSecond());
        out.format(
                "memory            visited set %,d KiB, state log %,d KiB, buffers %,d KiB\n",
                tableBytes >> 10, logBytes >> 10, bufferBytes >> 10);
        for (final Violation violation : violations) {
            out.format("violation         %s, %,d times\n", violation.what(), violation.count());
            text.append(violation.trace().text());
        }
        return text.toString();
    }

    private String levelsText() {
        final int levels = statesPerLevel.size();
        return levels <= LEVELS_SHOWN
                ? statesPerLevel.toString()
                : String.format(
                        Locale.ROOT,
                        "%s and %,d more levels",
                        statesPerLevel.subList(0, LEVELS_SHOWN),
                        levels - LEVELS_SHOWN);
    }
}
