// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import java.util.Arrays;

/// Decisions in the order in which they were taken, move by move. A program is played again from
/// its tape; a tape with some decisions changed plays a program that is like it.
public final class Tape {

    private int[] values = new int[512];
    private int size;
    private int[] starts = new int[64];
    private int moves;

    public Tape() {}

    /// Forgets everything.
    public void clear() {
        size = 0;
        moves = 0;
    }

    /// The decisions that follow belong to another move.
    public void nextMove() {
        if (moves == starts.length) {
            starts = Arrays.copyOf(starts, 2 * moves);
        }
        starts[moves++] = size;
    }

    /// One more decision of the move begun last.
    public void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /// How many moves there are.
    public int moves() {
        return moves;
    }

    /// How many decisions there are.
    public int size() {
        return size;
    }

    /// Where the decisions of a move start.
    public int start(int move) {
        return starts[move];
    }

    /// One past the last decision of a move.
    public int end(int move) {
        return move + 1 < moves ? starts[move + 1] : size;
    }

    public int value(int at) {
        return values[at];
    }

    public void set(int at, int value) {
        values[at] = value;
    }

    /// Appends a move of another tape.
    public void append(Tape from, int move) {
        nextMove();
        int start = from.start(move);
        int count = from.end(move) - start;
        if (size + count > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * size, size + count));
        }
        System.arraycopy(from.values, start, values, size, count);
        size += count;
    }

    /// Appends the moves from `first` to before `end` of another tape.
    public void append(Tape from, int first, int end) {
        for (int move = first; move < end; move++) {
            append(from, move);
        }
    }

    /// The same decisions, to keep, in as little memory as they need.
    public Tape copy() {
        Tape copy = new Tape();
        copy.values = Arrays.copyOf(values, Math.max(size, 1));
        copy.size = size;
        copy.starts = Arrays.copyOf(starts, Math.max(moves, 1));
        copy.moves = moves;
        return copy;
    }
}
