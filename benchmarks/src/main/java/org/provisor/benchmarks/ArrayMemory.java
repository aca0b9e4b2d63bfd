// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.provisor.impl.mm.GuestMemory;

/// What a guest hands to calls before it has page tables: a few pages from address 4096 on.
final class ArrayMemory implements GuestMemory {

    static final long START = 4096;

    private final long[] words = new long[4 * 512];

    /// Writes a word at `START` + 8 `index`.
    void set(int index, long value) {
        words[index] = value;
    }

    long get(int index) {
        return words[index];
    }

    private boolean inside(long linear, int bytes) {
        return linear >= START && linear + bytes <= START + 8L * words.length && (linear & 7) == 0;
    }

    @Override
    public boolean read(long linear, long[] to, int bytes) {
        if (!inside(linear, bytes)) {
            return false;
        }
        int first = (int) (linear - START) >>> 3;
        int left = bytes;
        for (int i = 0; left > 0; i++, left -= 8) {
            to[i] = left >= 8 ? words[first + i] : words[first + i] & ((1L << (8 * left)) - 1);
        }
        return true;
    }

    @Override
    public boolean writable(long linear, int bytes) {
        return inside(linear & ~7, bytes);
    }

    @Override
    public boolean write(long linear, long value, int bytes) {
        if (!writable(linear, bytes)) {
            return false;
        }
        int index = (int) (linear - START) >>> 3;
        int shift = (int) (linear & 4) * 8;
        long low = (value & 0xFFFF_FFFFL) << shift;
        words[index] = bytes == 8 ? value : (words[index] & ~(0xFFFF_FFFFL << shift)) | low;
        return true;
    }
}
