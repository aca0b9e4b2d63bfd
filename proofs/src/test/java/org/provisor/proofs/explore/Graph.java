// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A graph written out: node `i` is encoded as `codes[i]`, edge `k` of node `i` leads to
/// `edges[i][k]`, or, if that is negative, breaks a rule. Node 0 is initial. Nodes whose number is
/// a multiple of `bad` break an invariant, if `bad` is not 0.
final class Graph implements World {

    static final String BAD_NODE = "bad node";
    static final String BAD_EDGE = "bad edge";

    private final String configuration;
    private final long[] codes;
    private final int[][] edges;
    private final int bad;
    private final Map<Long, Integer> nodes = new HashMap<>();

    Graph(final String configuration, final long[] codes, final int[][] edges, final int bad) {
        this.configuration = configuration;
        this.codes = codes;
        this.edges = edges;
        this.bad = bad;
        for (int i = 0; i < codes.length; i++) {
            nodes.put(codes[i], i);
        }
    }

    /// A random graph of `size` nodes with up to 4 edges each, one in `badEdges` of which breaks a
    /// rule.
    static Graph random(final long seed, final int size, final int bad, final int badEdges) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] codes = new long[size];
        final int[][] edges = new int[size][];
        for (int i = 0; i < size; i++) {
            codes[i] = random.nextLong();
            edges[i] = new int[random.nextInt(5)];
            for (int k = 0; k < edges[i].length; k++) {
                edges[i][k] = random.nextInt(badEdges) == 0 ? -1 : random.nextInt(size);
            }
        }
        edges[0] = new int[] {1 % size, 2 % size, 3 % size};
        return new Graph("random " + seed + " " + size, codes, edges, bad);
    }

    /// Node 0 leads to node 1, and so on.
    static Graph chain(final int size) {
        final long[] codes = new long[size];
        final int[][] edges = new int[size][];
        for (int i = 0; i < size; i++) {
            codes[i] = i;
            edges[i] = i + 1 < size ? new int[] {i + 1} : new int[0];
        }
        return new Graph("chain " + size, codes, edges, 0);
    }

    @Override
    public String configuration() {
        return configuration;
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public List<long[]> initial() {
        final List<long[]> list = new ArrayList<>();
        list.add(new long[] {codes[0]});
        return list;
    }

    @Override
    public List<String> kinds() {
        return List.of("even edge", "odd edge");
    }

    @Override
    public int kind(final int action) {
        return action & 1;
    }

    @Override
    public String describe(final long[] state) {
        return "node " + node(state[0]);
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return "edge " + action + " of " + node(from[0]);
    }

    @Override
    public Expander expander() {
        final long[] to = new long[1];
        return new Expander() {
            @Override
            public void expand(final long[] state, final int at, final Successors out) {
                final int[] targets = edges[node(state[at])];
                for (int k = 0; k < targets.length; k++) {
                    if (targets[k] < 0) {
                        out.violation(BAD_EDGE, k);
                    } else {
                        to[0] = codes[targets[k]];
                        out.add(to, 0, k);
                    }
                }
            }

            @Override
            public @Nullable String check(final long[] state, final int at) {
                final int node = node(state[at]);
                return bad != 0 && node != 0 && node % bad == 0 ? BAD_NODE : null;
            }
        };
    }

    private int node(final long code) {
        final Integer node = nodes.get(code);
        if (node == null) {
            throw new IllegalArgumentException("no node is encoded as " + code);
        }
        return node;
    }
}
