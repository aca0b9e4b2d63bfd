// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.provisor.impl.mm.GuestMemory;

import java.util.Arrays;
import java.util.Map;

/// A caller's memory. What is written while a call is watched is kept, with what stood there
/// before.
final class WatchedMemory implements GuestMemory {

    private final GuestMemory memory;
    private final long[] word = new long[1];
    private long[] places = new long[16];
    private long[] before = new long[16];
    private long[] values = new long[16];
    private int[] sizes = new int[16];
    private int writes;
    private boolean watching;

    WatchedMemory(GuestMemory memory) {
        this.memory = memory;
    }

    /// Forgets what was written, and keeps what will be.
    void begin() {
        writes = 0;
        watching = true;
    }

    void end() {
        watching = false;
    }

    /// Whether anything was written while it was watched.
    boolean written() {
        return writes != 0;
    }

    @Override
    public boolean read(long linear, long[] to, int bytes) {
        return memory.read(linear, to, bytes);
    }

    @Override
    public boolean writable(long linear, int bytes) {
        return memory.writable(linear, bytes);
    }

    @Override
    public boolean write(long linear, long value, int bytes) {
        if (!watching) {
            return memory.write(linear, value, bytes);
        }
        boolean known = memory.read(linear, word, bytes);
        if (!memory.write(linear, value, bytes)) {
            return false;
        }
        if (writes == places.length) {
            places = Arrays.copyOf(places, 2 * writes);
            before = Arrays.copyOf(before, 2 * writes);
            values = Arrays.copyOf(values, 2 * writes);
            sizes = Arrays.copyOf(sizes, 2 * writes);
        }
        places[writes] = linear;
        before[writes] = known ? word[0] : 0;
        values[writes] = value;
        sizes[writes] = bytes;
        writes++;
        return true;
    }

    /// Puts back into bytes read from `linear` on what stood there before it was written.
    void undo(long linear, byte[] bytes) {
        for (int write = writes - 1; write >= 0; write--) {
            for (int i = 0; i < sizes[write]; i++) {
                long at = places[write] + i - linear;
                if (at >= 0 && at < bytes.length) {
                    bytes[(int) at] = byteOf(before[write], i);
                }
            }
        }
    }

    /// What was written, byte by byte: of several, the last.
    void addTo(Map<Long, Byte> written) {
        for (int write = 0; write < writes; write++) {
            for (int i = 0; i < sizes[write]; i++) {
                written.put(places[write] + i, byteOf(values[write], i));
            }
        }
    }

    static byte byteOf(long value, int index) {
        return (byte) (value >>> (index * Byte.SIZE));
    }
}
