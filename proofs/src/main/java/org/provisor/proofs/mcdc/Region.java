// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Conditional jumps that make one decision: entered at the first, left for one of two places.
///
/// @param jumps their indices, in the order of the code, which is that of evaluation
/// @param entries the places from which all but the first are evaluated, and the jumps
/// @param whenFalse where it is left for
/// @param whenTrue the other place: where the code goes on after the last jump
record Region(List<Integer> jumps, Map<Integer, Integer> entries, int whenFalse, int whenTrue) {

    /// All of a method.
    ///
    /// @param idle jumps that control does not come to
    static List<Region> all(Flow flow, BitSet idle) {
        List<Region> found = new ArrayList<>();
        BitSet done = (BitSet) idle.clone();
        for (int i = 0; i < flow.length(); i++) {
            if (flow.isCondition(i) && !done.get(i)) {
                Region region = largest(flow, i, done);
                if (region == null) {
                    done.set(i);
                } else {
                    region.jumps.forEach(done::set);
                    found.add(region);
                }
            }
        }
        return found;
    }

    private static @Nullable Region largest(Flow flow, int first, BitSet done) {
        Map<Integer, Integer> entries = new HashMap<>();
        List<Integer> jumps = new ArrayList<>(List.of(first));
        for (int i = 0; i < jumps.size() && jumps.size() < Evaluation.MOST_CONDITIONS; i++) {
            if (grow(flow, jumps, entries, done)) {
                jumps.sort(null);
                i = -1;
            }
        }
        for (int size = jumps.size(); size > 0; size--) {
            Region region = of(flow, jumps.subList(0, size), entries);
            if (region != null) {
                return region;
            }
        }
        return null;
    }

    /// Finds one more condition that follows those that were found.
    private static boolean grow(
            Flow flow, List<Integer> jumps, Map<Integer, Integer> entries, BitSet done) {
        for (int jump : jumps) {
            int taken = flow.taken(jump);
            int passed = flow.passed(jump);
            boolean choice =
                    flow.condition(taken, true) > jump && flow.condition(passed, true) > jump;
            for (int place : new int[] {passed, taken}) {
                int next = flow.condition(place, choice);
                if (next > jump
                        && !done.get(next)
                        && !jumps.contains(next)
                        && flow.onlyFrom(place, jumps)) {
                    entries.put(place, next);
                    jumps.add(next);
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Region of(
            Flow flow, List<Integer> jumps, Map<Integer, Integer> entries) {
        Map<Integer, Integer> inner = new HashMap<>();
        for (Map.Entry<Integer, Integer> each : entries.entrySet()) {
            if (jumps.contains(each.getValue())) {
                if (!flow.onlyFrom(each.getKey(), jumps)) {
                    return null;
                }
                inner.put(each.getKey(), each.getValue());
            }
        }
        Set<Integer> exits = new HashSet<>();
        for (int jump : jumps) {
            for (int place : new int[] {flow.passed(jump), flow.taken(jump)}) {
                Integer next = inner.get(place);
                if (next == null) {
                    exits.add(place);
                } else if (next <= jump) {
                    return null;
                }
            }
        }
        int whenTrue = flow.passed(jumps.getLast());
        if (exits.size() != 2 || !exits.remove(whenTrue)) {
            return null;
        }
        return new Region(List.copyOf(jumps), inner, exits.iterator().next(), whenTrue);
    }

    /// The condition at a place, by its position, or the outcome.
    int at(int place) {
        Integer jump = entries.get(place);
        return jump != null
                ? jumps.indexOf(jump)
                : place == whenTrue ? Decision.TRUE : Decision.FALSE;
    }
}
