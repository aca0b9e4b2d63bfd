// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A set of frame numbers that several threads change: a bit a frame, and above each 64 words a bit
/// for those that are not all zero. The next member is found in a few steps, however far it is.
///
/// A bit above may be set over a word that has become zero; it is never clear over one that is not.
public final class FrameSet {

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[][] levels;

    /// An empty set of numbers below `frames`.
    public FrameSet(final int frames) {
        int depth = 1;
        for (long reach = 64; reach < frames; reach *= 64) {
            depth++;
        }
        levels = new long[depth][];
        long words = frames;
        for (int level = 0; level < depth; level++) {
            words = (words + 63) / 64;
            levels[level] = new long[(int) Math.max(words, 1)];
        }
    }

    /// One more than the largest number it can hold, at least.
    public long capacity() {
        return (long) levels[0].length << 6;
    }

    /// The bits above are set first: who sees the frame's own finds the way to it.
    public void add(final long frame) {
        for (int level = levels.length - 1; level > 0; level--) {
            final long index = frame >>> (6 * level);
            final int word = (int) (index >>> 6);
            final long bit = 1L << index;
            if (((long) LONGS.getAcquire(levels[level], word) & bit) == 0) {
                LONGS.getAndBitwiseOr(levels[level], word, bit);
            }
        }
        LONGS.getAndBitwiseOr(levels[0], (int) (frame >>> 6), 1L << frame);
    }

    public void remove(final long frame) {
        LONGS.getAndBitwiseAnd(levels[0], (int) (frame >>> 6), ~(1L << frame));
    }

    public boolean contains(final long frame) {
        return ((long) LONGS.getAcquire(levels[0], (int) (frame >>> 6)) & 1L << frame) != 0;
    }

    /// The first member from `frame` on, or -1 if there is none.
    public long next(final long frame) {
        long from = frame;
        while (true) {
            final long found = search(from);
            if (found < 0 || contains(found)) {
                return found;
            }
            // Removed meanwhile, or the last of what is below a bit over nothing.
            from = found + 1;
        }
    }

    private long search(final long from) {
        long index = from;
        for (int level = 0; level < levels.length; level++) {
            final int word = (int) (index >>> 6);
            if (word >= levels[level].length) {
                return -1;
            }
            final long bits = (long) LONGS.getAcquire(levels[level], word) & -1L << index;
            if (bits != 0) {
                return descend(level, (long) word << 6 | Long.numberOfTrailingZeros(bits));
            }
            index = word + 1L;
        }
        return -1;
    }

    private long descend(final int level, final long index) {
        long at = index;
        for (int below = level - 1; below >= 0; below--) {
            final long bits = (long) LONGS.getAcquire(levels[below], (int) at);
            // An empty word: its last member would be the next place to look behind.
            at = at << 6 | (bits == 0 ? 63 : Long.numberOfTrailingZeros(bits));
        }
        return at;
    }
}
