// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

/// A set of small numbers whose lowest is found in a few steps: a bit a number, and above each 64
/// words a word with a bit for those that are not zero, up to a single word. One thread at a time.
final class WordSet {

    private final long[][] levels;

    /// An empty set of numbers below `size`.
    WordSet(final long size) {
        int depth = 1;
        for (long words = words(size); words > 1; words = words(words)) {
            depth++;
        }
        levels = new long[depth][];
        long words = size;
        for (int level = 0; level < depth; level++) {
            words = words(words);
            levels[level] = new long[Math.toIntExact(words)];
        }
    }

    /// How many words for that many bits; at least one.
    private static long words(final long bits) {
        return Math.max((bits + 63) >>> 6, 1);
    }

    boolean isEmpty() {
        return levels[levels.length - 1][0] == 0;
    }

    void add(final int number) {
        int at = number;
        for (final long[] level : levels) {
            final int word = at >>> 6;
            final long old = level[word];
            level[word] = old | (1L << at);
            if (old != 0) {
                return;
            }
            at = word;
        }
    }

    void remove(final int number) {
        int at = number;
        for (final long[] level : levels) {
            final int word = at >>> 6;
            final long left = level[word] & ~(1L << at);
            level[word] = left;
            if (left != 0) {
                return;
            }
            at = word;
        }
    }

    /// The lowest number of a set that is not empty.
    int first() {
        int at = 0;
        for (int level = levels.length - 1; level >= 0; level--) {
            at = at << 6 | Long.numberOfTrailingZeros(levels[level][at]);
        }
        return at;
    }
}
