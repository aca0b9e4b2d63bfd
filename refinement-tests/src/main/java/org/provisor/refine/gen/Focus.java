// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import java.util.List;

/// Which moves are made how often: all as they come, or mostly those that can reach something.
public final class Focus {

    /// How much more often a move is made that can reach what is looked for.
    private static final int FAVOUR = 12;

    /// All moves as they come.
    public static final Focus NONE = new Focus("");

    private final String prefix;
    private final int[] weights;
    private final boolean[] wanted;

    private Focus(String prefix) {
        this.prefix = prefix;
        List<Move> moves = Moves.ALL;
        weights = new int[moves.size()];
        wanted = new boolean[moves.size()];
        for (int i = 0; i < weights.length; i++) {
            wanted[i] = !prefix.isEmpty() && moves.get(i).reaches(prefix);
            weights[i] = moves.get(i).weight() * (wanted[i] ? FAVOUR : 1);
        }
    }

    /// Mostly moves that can reach clauses of the specification, or calls and sub-operations as Xen
    /// names them, that begin so.
    ///
    /// @throws IllegalArgumentException if no move claims to reach any
    public static Focus on(String prefix) {
        Focus focus = new Focus(prefix);
        for (boolean each : focus.wanted) {
            if (each) {
                return focus;
            }
        }
        throw new IllegalArgumentException(
                "no move reaches a clause or call that begins with '" + prefix + "'");
    }

    /// How the clauses begin that are looked for; empty for all.
    public String prefix() {
        return prefix;
    }

    int weight(int move) {
        return weights[move];
    }

    /// Whether a move can reach what is looked for.
    boolean wanted(int move) {
        return wanted[move];
    }
}
