// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Peterson's lock for two processes. The broken one gives the turn to itself, not to the other.
///
/// Bits 0-1 and 2-3: where each process is: 0 idle, 1 flag raised, 2 turn given, 3 in the critical
/// section. Bit 4: whose turn it is. An action is the number of the process that takes a step.
record Peterson(boolean broken) implements World {

    static final String EXCLUSION = "mutual exclusion";

    @Override
    public String configuration() {
        return toString();
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public List<long[]> initial() {
        return List.of(new long[] {0}, new long[] {16}, new long[] {0});
    }

    @Override
    public List<String> kinds() {
        return List.of("process 0", "process 1");
    }

    @Override
    public int kind(final int action) {
        return action;
    }

    @Override
    public String describe(final long[] state) {
        return at(state[0], 0) + " " + at(state[0], 1) + " turn " + (state[0] >> 4);
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return "process " + action + " leaves " + at(from[0], action);
    }

    @Override
    public Expander expander() {
        final long[] to = new long[1];
        return new Expander() {
            @Override
            public void expand(final long[] state, final int at, final Successors out) {
                for (int process = 0; process < 2; process++) {
                    to[0] = step(state[at], process);
                    if (to[0] >= 0) {
                        out.add(to, 0, process);
                    }
                }
            }

            @Override
            public @Nullable String check(final long[] state, final int at) {
                return at(state[at], 0) == 3 && at(state[at], 1) == 3 ? EXCLUSION : null;
            }
        };
    }

    private static int at(final long state, final int process) {
        return (int) (state >> (2 * process) & 3);
    }

    /// The next state, or -1 if the process has to wait.
    private long step(final long state, final int process) {
        final int other = 1 - process;
        final long next = state + (1L << (2 * process));
        return switch (at(state, process)) {
            case 0 -> next;
            case 1 -> (next & 15) | (broken ? process : other) << 4;
            case 2 -> at(state, other) != 0 && state >> 4 == other ? -1 : next;
            default -> state & ~(3L << (2 * process));
        };
    }
}
