// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Where every decision of a program comes from: from a tape as far as one is given, and from a
/// seed otherwise. What was decided is on a tape again.
///
/// Decisions belong to moves. Where a move of the given tape decides fewer things than are asked
/// for, the seed decides the others; where it decides more, they are left out. So a changed
/// decision changes the move that it is in and what follows from it, but does not shift all that
/// comes after.
public final class Chance {

    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private final Tape taken = new Tape();
    private @Nullable Tape given;
    private int move;
    private int at;
    private int end;
    private long state;

    /// Begins with a program.
    ///
    /// @param tape decisions that are given; none at all if null
    public void start(long seed, @Nullable Tape tape) {
        taken.clear();
        given = tape;
        move = 0;
        at = 0;
        end = 0;
        state = mixed(seed);
    }

    /// The decisions that follow belong to another move.
    public void nextMove() {
        taken.nextMove();
        Tape tape = given;
        if (tape != null && move < tape.moves()) {
            at = tape.start(move);
            end = tape.end(move);
            move++;
        } else {
            end = at;
        }
    }

    /// What was decided since the start.
    public Tape taken() {
        return taken;
    }

    /// A number from 0 to below `bound`.
    public int below(int bound) {
        int value;
        Tape tape = given;
        if (at < end && tape != null) {
            int said = tape.value(at++);
            value = said >= 0 && said < bound ? said : Integer.remainderUnsigned(said, bound);
        } else {
            state += STEP;
            value = (int) (((mixed(state) >>> 33) * bound) >>> 31);
        }
        taken.add(value);
        return value;
    }

    /// True once in so many times.
    public boolean oneIn(int times) {
        return below(times) == 0;
    }

    /// True so many times of a hundred.
    public boolean percent(int times) {
        return below(100) < times;
    }

    /// A number from `first` to `last`.
    public int between(int first, int last) {
        return first + below(last - first + 1);
    }

    /// 64 bits, each as likely as not.
    public long bits() {
        long low = below(Integer.MAX_VALUE) & 0xFFFFL;
        long middle = below(Integer.MAX_VALUE) & 0xFF_FFFFL;
        long high = below(Integer.MAX_VALUE) & 0xFF_FFFFL;
        return low | (middle << 16) | (high << 40);
    }

    /// One of these.
    public int of(int... values) {
        return values[below(values.length)];
    }

    /// One of these.
    public long of(long... values) {
        return values[below(values.length)];
    }

    /// One of these.
    public <T> T of(List<T> values) {
        return values.get(below(values.size()));
    }

    /// How many: mostly few, `most` at the most, 1 at the least.
    public int few(int most) {
        int bound = 1 + below(most);
        return 1 + below(bound);
    }

    /// A seed made of two.
    public static long seed(long seed, long number) {
        return mixed(seed + STEP * (number + 1));
    }

    private static long mixed(long word) {
        long z = (word ^ word >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
