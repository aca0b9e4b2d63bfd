// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.collection.List;

import org.provisor.impl.mm.GuestMemory;
import org.provisor.refine.program.CallMemory;

/// What a vCPU hands to its calls: a few words from [CallMemory#START] on, its own.
final class Handed implements GuestMemory {

    static final int WORDS = 24;

    /// Something that a call wrote.
    record Written(long linear, int bytes, long value) {}

    private long[] words = new long[WORDS];
    private List<Written> written = List.empty();

    /// From here on these are the words; what is written to them is noted.
    void begin(long[] now) {
        words = now.clone();
        written = List.empty();
    }

    /// What was written since then, in order.
    List<Written> written() {
        return written.reverse();
    }

    /// Whether an access is to words that there are.
    static boolean there(long linear, int bytes) {
        long at = linear - CallMemory.START;
        return at >= 0 && at <= WORDS * 8 - bytes;
    }

    @Override
    public boolean read(long linear, long[] to, int bytes) {
        if (!there(linear, bytes)) {
            return false;
        }
        for (int done = 0; done < bytes; done += 8) {
            int count = Math.min(8, bytes - done);
            to[done / 8] = read(linear + done) & (-1L >>> (64 - 8 * count));
        }
        return true;
    }

    private long read(long linear) {
        int at = (int) (linear - CallMemory.START);
        long low = words[at / 8] >>> (8 * (at % 8));
        return at % 8 == 0 || at / 8 + 1 == WORDS
                ? low
                : low | (words[at / 8 + 1] << (64 - 8 * (at % 8)));
    }

    @Override
    public boolean writable(long linear, int bytes) {
        return there(linear, bytes);
    }

    @Override
    public boolean write(long linear, long value, int bytes) {
        if (!there(linear, bytes)) {
            return false;
        }
        written = written.prepend(new Written(linear, bytes, value));
        int at = (int) (linear - CallMemory.START);
        long mask = -1L >>> (64 - 8 * bytes) << (8 * (at % 8));
        words[at / 8] = (words[at / 8] & ~mask) | ((value << (8 * (at % 8))) & mask);
        return true;
    }
}
