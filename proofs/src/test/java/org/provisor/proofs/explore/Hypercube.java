// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The corners of a cube in `dimensions` dimensions, each encoded in `width` longs, of which the
/// first is the corner and the others follow from it.
record Hypercube(int dimensions, int width) implements World {

    @Override
    public String configuration() {
        return toString();
    }

    @Override
    public List<long[]> initial() {
        return List.of(encode(0, new long[width]));
    }

    @Override
    public List<String> kinds() {
        return List.of("up", "down");
    }

    @Override
    public int kind(final int action) {
        return action & 1;
    }

    @Override
    public String describe(final long[] state) {
        return Long.toBinaryString(state[0]);
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return "bit " + (action >> 1);
    }

    @Override
    public Expander expander() {
        final long[] to = new long[width + 1];
        return new Expander() {
            @Override
            public void expand(final long[] state, final int at, final Successors out) {
                for (int i = 0; i < dimensions; i++) {
                    final long corner = state[at] ^ 1L << i;
                    System.arraycopy(encode(corner, new long[width]), 0, to, 1, width);
                    out.add(to, 1, i << 1 | (int) (state[at] >>> i & 1));
                }
            }

            @Override
            public @Nullable String check(final long[] state, final int at) {
                return null;
            }
        };
    }

    private static long[] encode(final long corner, final long[] state) {
        for (int i = 0; i < state.length; i++) {
            state[i] = corner * (2L * i + 1);
        }
        return state;
    }
}
