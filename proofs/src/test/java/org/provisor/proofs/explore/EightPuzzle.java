// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Eight tiles and a blank on 3 by 3 fields: 9!/2 states, the farthest at 31 moves.
///
/// Field `i` is the nibble at bit `4 * i`; the blank is 0. An action is the field that the blank
/// goes to.
record EightPuzzle() implements World {

    private static final long SOLVED = 0x0_8765_4321L;

    @Override
    public String configuration() {
        return "eight puzzle";
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public List<long[]> initial() {
        return List.of(new long[] {SOLVED});
    }

    @Override
    public List<String> kinds() {
        return List.of("to row 0", "to row 1", "to row 2");
    }

    @Override
    public int kind(final int action) {
        return action / 3;
    }

    @Override
    public String describe(final long[] state) {
        return String.format("%09x", state[0]);
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return "blank to " + action;
    }

    @Override
    public Expander expander() {
        final long[] to = new long[1];
        return new Expander() {
            @Override
            public void expand(final long[] state, final int at, final Successors out) {
                int blank = 0;
                while ((state[at] >>> (4 * blank) & 15) != 0) {
                    blank++;
                }
                for (int field = 0; field < 9; field++) {
                    final int apart =
                            Math.abs(field / 3 - blank / 3) + Math.abs(field % 3 - blank % 3);
                    if (apart == 1) {
                        final long tile = state[at] >>> (4 * field) & 15;
                        to[0] = state[at] ^ tile << (4 * field) ^ tile << (4 * blank);
                        out.add(to, 0, field);
                    }
                }
            }

            @Override
            public @Nullable String check(final long[] state, final int at) {
                return null;
            }
        };
    }
}
