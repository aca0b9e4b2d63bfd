// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.proofs.explore.Expander;
import org.provisor.proofs.explore.Successors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// All states of a world that can be reached, found by a plain search.
record Reachable(Set<List<Long>> states, long transitions, List<String> broken) {

    static Reachable of(final WorldSize size) {
        final SmallWorld world = new SmallWorld(size);
        final Expander expander = world.expander();
        final Set<List<Long>> states = new LinkedHashSet<>();
        final Deque<List<Long>> left = new ArrayDeque<>();
        final List<String> broken = new ArrayList<>();
        final long[] transitions = new long[1];
        for (final long[] initial : world.initial()) {
            states.add(boxed(initial));
            left.add(boxed(initial));
        }
        final Successors out =
                new Successors() {
                    @Override
                    public void add(final long[] encoded, final int at, final int action) {
                        transitions[0]++;
                        final List<Long> to =
                                boxed(Arrays.copyOfRange(encoded, at, at + world.width()));
                        if (states.add(to)) {
                            left.add(to);
                        }
                    }

                    @Override
                    public void violation(final String what, final int action) {
                        broken.add(what);
                    }
                };
        while (!left.isEmpty()) {
            final long[] state = words(left.remove());
            final String wrong = expander.check(state, 0);
            if (wrong != null) {
                broken.add(wrong);
            }
            expander.expand(state, 0, out);
        }
        return new Reachable(states, transitions[0], broken);
    }

    static List<Long> boxed(final long[] words) {
        return Arrays.stream(words).boxed().toList();
    }

    static long[] words(final List<Long> boxed) {
        return boxed.stream().mapToLong(Long::longValue).toArray();
    }
}
