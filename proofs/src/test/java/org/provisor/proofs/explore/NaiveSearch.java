// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Breadth-first search with a queue and a hash map, to compare the real one with. Explores the
/// whole graph, violations or not.
final class NaiveSearch implements Successors {

    final List<Long> statesPerLevel = new ArrayList<>();
    final Map<String, Long> byKind = new HashMap<>();
    final Map<String, Long> violations = new HashMap<>();

    /// The shortest trace to each kind of violation, in steps.
    final Map<String, Integer> traceLength = new HashMap<>();

    /// How many states are known once so many have been expanded.
    final List<Integer> knownAfter = new ArrayList<>();

    long transitions;
    long selfLoops;
    long deadlocks;
    int minDegree = Integer.MAX_VALUE;
    int maxDegree;

    private final World world;
    private final Expander expander;
    private final Map<List<Long>, Integer> levels = new HashMap<>();
    private final List<long[]> queue = new ArrayList<>();
    private long[] from = new long[0];
    private int level;
    private int degree;
    private boolean broken;

    NaiveSearch(final World world) {
        this.world = world;
        expander = world.expander();
        world.initial().forEach(state -> find(state, 0));
        for (int i = 0; i < queue.size(); i++) {
            from = queue.get(i);
            level = Objects.requireNonNull(levels.get(key(from, 0)));
            degree = 0;
            broken = false;
            expander.expand(from, 0, this);
            minDegree = Math.min(minDegree, degree);
            maxDegree = Math.max(maxDegree, degree);
            if (degree == 0 && !broken) {
                deadlocks++;
            }
            knownAfter.add(queue.size());
        }
    }

    long states() {
        return queue.size();
    }

    @Override
    public void add(final long[] encoded, final int at, final int action) {
        degree++;
        transitions++;
        byKind.merge(world.kinds().get(world.kind(action)), 1L, Long::sum);
        if (key(encoded, at).equals(key(from, 0))) {
            selfLoops++;
        }
        final long[] copy = new long[world.width()];
        System.arraycopy(encoded, at, copy, 0, copy.length);
        find(copy, level + 1);
    }

    @Override
    public void violation(final String what, final int action) {
        broken = true;
        violate(what, level + 1);
    }

    private void find(final long[] state, final int at) {
        if (levels.putIfAbsent(key(state, 0), at) != null) {
            return;
        }
        queue.add(state);
        if (statesPerLevel.size() == at) {
            statesPerLevel.add(0L);
        }
        statesPerLevel.set(at, statesPerLevel.get(at) + 1);
        final String what = expander.check(state, 0);
        if (what != null) {
            violate(what, at);
        }
    }

    private void violate(final String what, final int length) {
        violations.merge(what, 1L, Long::sum);
        traceLength.merge(what, length, Math::min);
    }

    private List<Long> key(final long[] state, final int at) {
        final List<Long> key = new ArrayList<>();
        for (int i = 0; i < world.width(); i++) {
            key.add(state[at + i]);
        }
        return key;
    }
}
