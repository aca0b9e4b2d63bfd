// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

/// The free frames of a machine, as blocks: 2<sup>n</sup> of them, aligned to their number. One
/// thread at a time.
///
/// It is a buddy system whose blocks of six sizes each share a word. A word of level 0 says which
/// of 64 frames are free; a word of level 1 the same of 64 times 64 frames that are all free, and
/// so on. A word that is full becomes a bit of the level above and is empty itself, so that each
/// free frame is in one word. Within a word a block is a run of bits, aligned to its length.
///
///     level 2   ...0010                     frames 4096 to 8191
///     level 1   ...00110000                 frames 256 to 383
///     level 0   ...0001  ...0  ...11001100  frames 2, 3, 6, 7 and 128
///
/// For each level and each length, a set has the words whose longest run is of that length. A block
/// is taken from a word whose longest run is as short as will do, the lowest of these, and there
/// from the lowest of the shortest runs that will do.
final class FreeFrames {

    /// In place of a frame number: no frame.
    static final long NONE = -1;

    /// log2 of the bits in a word, and of the frames that a bit stands for, from level to level.
    private static final int STEP = 6;

    private static final int NO_RUN = -1;

    /// Where runs of 2<sup>n</sup> bits can start.
    private static final long[] STARTS = {
        -1L,
        0x5555_5555_5555_5555L,
        0x1111_1111_1111_1111L,
        0x0101_0101_0101_0101L,
        0x0001_0001_0001_0001L,
        0x0000_0001_0000_0001L
    };

    private final long[][] free;

    /// By level and by log2 of the longest run.
    private final WordSet[][] words;

    /// By level: which of these sets are not empty, a bit each.
    private final int[] runs;

    /// None free of that many frames.
    FreeFrames(final long frames) {
        final int levels = (Long.SIZE - 1 - Long.numberOfLeadingZeros(frames)) / STEP + 1;
        free = new long[levels][];
        words = new WordSet[levels][STEP];
        runs = new int[levels];
        for (int level = 0; level < levels; level++) {
            final long bits = frames >>> (STEP * level);
            free[level] = new long[Math.toIntExact((bits + 63) >>> STEP)];
            for (int run = 0; run < STEP; run++) {
                words[level][run] = new WordSet(free[level].length);
            }
        }
    }

    /// Takes a block of 2<sup>`order`</sup> frames, all with numbers below `limit`, a power of two.
    ///
    /// @return the first, or [#NONE]
    long take(final int order, final long limit) {
        if (1L << order > limit) {
            return NONE;
        }
        final int level = order / STEP;
        final int run = order % STEP;
        if (level >= free.length) {
            return NONE;
        }
        long bit = takeRun(level, run, limit >>> (STEP * level));
        if (bit != NONE) {
            return bit << (STEP * level);
        }
        for (int above = level + 1; above < free.length; above++) {
            bit = takeRun(above, 0, Math.max(limit >>> (STEP * above), 1));
            if (bit != NONE) {
                return split(bit, above, level, run) << (STEP * level);
            }
        }
        return NONE;
    }

    /// Takes a run of 2<sup>`run`</sup> bits of a level, all below `limit`.
    private long takeRun(final int level, final int run, final long limit) {
        int left = runs[level] >>> run << run;
        while (left != 0) {
            final int word = words[level][Integer.numberOfTrailingZeros(left)].first();
            final long start = (long) word << STEP;
            if (start < limit) {
                final long all = free[level][word];
                final long below = limit - start >= 64 ? all : all & ~(-1L << (limit - start));
                final long starts = starts(below, run);
                if (starts != 0) {
                    final int bit = best(starts, run);
                    replace(level, word, all & ~ones(bit, run));
                    return start | bit;
                }
            }
            left &= left - 1;
        }
        return NONE;
    }

    /// A bit that was taken becomes a word of the level below, and the first bit of that again,
    /// down to the level of which a run of bits is wanted.
    private long split(final long taken, final int above, final int level, final int run) {
        long bit = taken;
        for (int at = above - 1; at > level; at--) {
            replace(at, (int) bit, -2L);
            bit <<= STEP;
        }
        replace(level, (int) bit, ~ones(0, run));
        return bit << STEP;
    }

    /// Makes a block of 2<sup>`order`</sup> frames free.
    void give(final long first, final int order) {
        assert !contains(first) : "free already: " + first;
        int level = order / STEP;
        long bit = first >>> (STEP * level);
        int word = (int) (bit >>> STEP);
        long now = free[level][word] | ones((int) bit & 63, order % STEP);
        while (now == -1L) {
            replace(level, word, 0);
            level++;
            bit = word;
            word = (int) (bit >>> STEP);
            now = free[level][word] | (1L << bit);
        }
        replace(level, word, now);
    }

    /// The largest order of a block that starts at a frame and is no longer than `count`.
    static int largest(final long first, final long count) {
        return Math.min(
                Long.numberOfTrailingZeros(first),
                Long.SIZE - 1 - Long.numberOfLeadingZeros(count));
    }

    boolean contains(final long mfn) {
        for (int level = 0; level < free.length; level++) {
            final long bit = mfn >>> (STEP * level);
            final int word = (int) (bit >>> STEP);
            if (word < free[level].length && (free[level][word] >>> bit & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    private void replace(final int level, final int word, final long now) {
        final int before = longest(free[level][word]);
        final int after = longest(now);
        free[level][word] = now;
        if (before == after) {
            return;
        }
        if (before != NO_RUN) {
            words[level][before].remove(word);
            if (words[level][before].isEmpty()) {
                runs[level] &= ~(1 << before);
            }
        }
        if (after != NO_RUN) {
            words[level][after].add(word);
            runs[level] |= 1 << after;
        }
    }

    // Runs in a word, by log2 of their lengths.

    private static long ones(final int start, final int run) {
        return -1L >>> (Long.SIZE - (1 << run)) << start;
    }

    private static long pairs(final long starts, final int run) {
        return starts & starts >>> (1 << run) & STARTS[run + 1];
    }

    private static long starts(final long word, final int run) {
        long starts = word;
        for (int length = 0; length < run; length++) {
            starts = pairs(starts, length);
        }
        return starts;
    }

    private static int longest(final long word) {
        if (word == 0) {
            return NO_RUN;
        }
        long starts = word;
        int run = 0;
        while (run < STEP - 1) {
            starts = pairs(starts, run);
            if (starts == 0) {
                return run;
            }
            run++;
        }
        return run;
    }

    /// The lowest start of a run that is not half of a longer one; if there is none, the lowest of
    /// the shortest of those longer that there are.
    private static int best(final long starts, final int run) {
        long now = starts;
        for (int length = run; length < STEP - 1; length++) {
            final long longer = pairs(now, length);
            final long alone = now & ~(longer | longer << (1 << length));
            if (alone != 0) {
                return Long.numberOfTrailingZeros(alone);
            }
            now = longer;
        }
        return Long.numberOfTrailingZeros(now);
    }
}
