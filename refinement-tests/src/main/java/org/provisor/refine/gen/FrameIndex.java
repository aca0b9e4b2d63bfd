// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;

import java.util.Arrays;

/// The frames of the machine as they are now, sorted by what moves look for: a set of frames for
/// each sort, and one for each owner. Only what has changed is looked at anew.
final class FrameIndex {

    /// Owners with a set of their own; domains have small numbers.
    private static final int OWNERS = 16;

    private final Chance chance;
    private final long[][] sorts = new long[Wanted.values().length][];
    private final long[][] owners = new long[OWNERS][];
    private @Nullable Frames seen;
    private @Nullable Frame[] frames = new Frame[0];
    private int[] kinds = new int[0];

    /// The frames that are chosen from, all if null.
    private int @Nullable [] choosable;

    FrameIndex(Chance chance) {
        this.chance = chance;
    }

    /// From here on only these frames are found, all if null.
    void choose(int @Nullable [] from) {
        if (!Arrays.equals(from, choosable)) {
            choosable = from;
            seen = null;
            kinds = new int[0];
        }
    }

    private int number(int place) {
        return choosable == null ? place : choosable[place];
    }

    /// The number of a frame of a sort, or NONE: the first from some place on.
    ///
    /// @param owner whose, or NONE for anybody's
    long find(Frames now, int owner, Wanted wanted) {
        look(now);
        int count = kinds.length;
        int start = chance.below(count);
        if (owner >= OWNERS) {
            return Stage.NONE;
        }
        long[] sort = sorts[wanted.index()];
        long[] theirs = owner == Stage.NONE ? sort : owners[owner];
        int word = start >>> 6;
        long left = sort[word] & theirs[word] & -1L << start;
        for (int i = 0; i <= sort.length; i++) {
            if (left != 0) {
                return number((word << 6) + Long.numberOfTrailingZeros(left));
            }
            word = word + 1 == sort.length ? 0 : word + 1;
            left = sort[word] & theirs[word];
        }
        return Stage.NONE;
    }

    @SuppressWarnings("ReferenceEquality")
    private void look(Frames now) {
        if (now == seen) {
            return;
        }
        Frames before = seen;
        seen = now;
        int count = choosable == null ? now.size() : choosable.length;
        if (kinds.length != count) {
            resize(count);
        } else if (choosable == null && before != null) {
            for (int mfn = now.changed(before, 0);
                    mfn < count;
                    mfn = now.changed(before, mfn + 1)) {
                look(mfn, now.get(mfn));
            }
            return;
        }
        for (int place = 0; place < count; place++) {
            look(place, now.get(number(place)));
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void look(int place, Frame frame) {
        Frame before = frames[place];
        if (before != frame) {
            frames[place] = frame;
            changed(place, before, frame);
        }
    }

    private void resize(int count) {
        frames = new Frame[count];
        kinds = new int[count];
        int words = (count + 63) / 64;
        Arrays.setAll(sorts, _ -> new long[words]);
        Arrays.setAll(owners, _ -> new long[words]);
    }

    private void changed(int place, @Nullable Frame before, Frame now) {
        int word = place >>> 6;
        long bit = 1L << place;
        int kind = Wanted.bits(now);
        for (int left = kind ^ kinds[place]; left != 0; left &= left - 1) {
            sorts[Integer.numberOfTrailingZeros(left)][word] ^= bit;
        }
        kinds[place] = kind;
        int owner = now.owner().value();
        int was = before == null ? Stage.NONE : before.owner().value();
        if (owner != was) {
            if (was >= 0 && was < OWNERS) {
                owners[was][word] &= ~bit;
            }
            if (owner < OWNERS) {
                owners[owner][word] |= bit;
            }
        }
    }
}
