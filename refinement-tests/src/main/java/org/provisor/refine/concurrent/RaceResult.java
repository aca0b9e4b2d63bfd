// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came of calls that met at chosen points.
///
/// @param pairs how many pairs of calls met
/// @param points at how many points altogether
/// @param outcomes how many different outcomes that had, pair by pair
/// @param moments how many outcomes were explained by something held for a moment, by kind
/// @param findings the outcomes that no order explains, of each pair the first
public record RaceResult(
        long pairs, long points, long outcomes, Map<String, Long> moments, List<Finding> findings) {

    /// An outcome that no order explains.
    ///
    /// @param pair the state, and who did what
    /// @param point at which they met: so many accesses of the first to what is shared came before
    /// @param part what differs, without numbers
    /// @param text the round in words
    public record Finding(String pair, int point, String part, String text) {

        /// Where it is to be seen.
        public String where() {
            return pair + ", at point " + point;
        }
    }

    public RaceResult {
        moments = Map.copyOf(moments);
        findings = List.copyOf(findings);
    }

    /// Nothing as yet.
    public static RaceResult none() {
        return new RaceResult(0, 0, 0, Map.of(), List.of());
    }

    /// This and another.
    public RaceResult and(RaceResult other) {
        Map<String, Long> all = new TreeMap<>(moments);
        other.moments.forEach((moment, count) -> all.merge(moment, count, Long::sum));
        List<Finding> found = new ArrayList<>(findings);
        found.addAll(other.findings);
        return new RaceResult(
                pairs + other.pairs, points + other.points, outcomes + other.outcomes, all, found);
    }
}
