// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.impl.mm.GuestMemory;

import java.util.Arrays;

/// What one domain hands to calls, as the implementation reaches it: its own copy, words that
/// change while it looks at them, and a record of what it writes.
final class ImplMemory implements GuestMemory {

    /// Stands where nothing may be looked at.
    static final long POISON = 0x5EC2_E75E_C2E7_5EC3L;

    /// How many words behind those read are poisoned.
    private static final int MARGIN = 16;

    private final CallPages pages = new CallPages();
    private final WorkMeter meter;
    private final boolean poison;

    private Flips flips = Flips.NONE;
    private int[] due = {};
    private int[] reads = {};

    private long[] written = new long[16];
    private int[] bytes = new int[16];
    private int writes;

    ImplMemory(WorkMeter meter, boolean poison) {
        this.meter = meter;
        this.poison = poison;
    }

    CallPages pages() {
        return pages;
    }

    /// A call begins, and these words change while it runs, each after so many reads of it.
    void begin(Flips now, int[] afterReads) {
        flips = now;
        due = afterReads;
        reads = new int[afterReads.length];
    }

    /// An attempt begins.
    void attempt() {
        writes = 0;
    }

    /// Whether a word has changed.
    boolean changed(int flip) {
        return reads[flip] >= due[flip];
    }

    /// How many writes there were since the attempt began.
    int writes() {
        return writes;
    }

    long written(int write) {
        return written[write];
    }

    int bytes(int write) {
        return bytes[write];
    }

    @Override
    public boolean read(long linear, long[] to, int count) {
        int words = (count + Long.BYTES - 1) / Long.BYTES;
        meter.tick(words);
        boolean there = CallPages.readable(linear, count);
        if (poison) {
            int from = there ? words : 0;
            Arrays.fill(to, from, Math.min(to.length, words + MARGIN), POISON);
        }
        if (!there) {
            return false;
        }
        pages.copy(linear, count, to);
        if (!flips.none()) {
            flip(linear, count);
        }
        return true;
    }

    private void flip(long linear, int count) {
        for (int flip = 0; flip < due.length; flip++) {
            long behind = flips.linear(flip) - linear;
            if (behind < count && behind > -Long.BYTES) {
                reads[flip]++;
                if (reads[flip] == due[flip]) {
                    pages.write(flips.linear(flip), flips.value(flip), Long.BYTES);
                }
            }
        }
    }

    @Override
    public boolean writable(long linear, int count) {
        meter.tick(1);
        return CallPages.writable(linear, count);
    }

    @Override
    public boolean write(long linear, long value, int count) {
        meter.tick(1);
        if (!CallPages.writable(linear, count)) {
            return false;
        }
        pages.write(linear, value, count);
        if (writes == written.length) {
            written = Arrays.copyOf(written, 2 * writes);
            bytes = Arrays.copyOf(bytes, 2 * writes);
        }
        written[writes] = linear;
        bytes[writes] = count;
        writes++;
        return true;
    }
}
