// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.gen.Chance;
import org.provisor.refine.gen.Tape;

import java.util.ArrayList;
import java.util.List;

/// The programs of a round that showed something new, and programs that are made of them.
final class Corpus {

    private static final int MOST = 256;
    private static final int MOST_MOVES = 300;

    private final Chance chance;
    private final List<Tape> tapes = new ArrayList<>();

    Corpus(Chance chance) {
        this.chance = chance;
    }

    boolean isEmpty() {
        return tapes.isEmpty();
    }

    /// Keeps a program, in place of another if there are many.
    void add(Tape tape) {
        if (tapes.size() < MOST) {
            tapes.add(tape);
        } else {
            tapes.set(chance.below(MOST), tape);
        }
    }

    /// A program made of one or two of those kept.
    Tape changed() {
        Tape from = some();
        Tape made = new Tape();
        int moves = from.moves();
        int first = 1 + chance.below(Math.max(1, moves - 1));
        int end = Math.min(moves, first + 1 + chance.below(8));
        switch (chance.below(6)) {
            // The start of it, then something new.
            case 0, 1 -> made.append(from, 0, Math.min(moves, first + 1));
            // Without some of its moves.
            case 2 -> {
                made.append(from, 0, Math.min(first, moves));
                made.append(from, end, moves);
            }
            // Some of its moves once more.
            case 3 -> {
                made.append(from, 0, end);
                made.append(from, Math.min(first, moves), moves);
            }
            // Its start, then some moves of another.
            case 4 -> {
                Tape other = some();
                made.append(from, 0, end);
                int start = 1 + chance.below(Math.max(1, other.moves() - 1));
                made.append(other, Math.min(start, other.moves()), other.moves());
            }
            // As it is.
            default -> made.append(from, 0, moves);
        }
        Tape cut = new Tape();
        cut.append(made, 0, Math.min(made.moves(), MOST_MOVES));
        decide(cut);
        return cut;
    }

    private Tape some() {
        return tapes.get(
                chance.oneIn(2)
                        ? chance.below(tapes.size())
                        : tapes.size() - 1 - chance.below(Math.min(16, tapes.size())));
    }

    /// Changes a few decisions.
    private void decide(Tape tape) {
        if (tape.size() == 0) {
            return;
        }
        for (int i = chance.below(6); i > 0; i--) {
            // Most decisions of a program's mood change everything.
            int move = chance.below(tape.moves());
            if ((move == 0 && !chance.oneIn(8)) || tape.start(move) == tape.end(move)) {
                continue;
            }
            int at = tape.start(move) + chance.below(tape.end(move) - tape.start(move));
            int value = tape.value(at);
            tape.set(
                    at,
                    switch (chance.below(4)) {
                        case 0 -> 0;
                        case 1 -> value + 1;
                        case 2 -> Math.max(0, value - 1);
                        default -> chance.below(Integer.MAX_VALUE);
                    });
        }
    }
}
