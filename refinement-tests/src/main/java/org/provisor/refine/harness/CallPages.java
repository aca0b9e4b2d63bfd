// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.refine.program.CallMemory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The memory that one domain hands to calls, see [CallMemory]; one copy of it.
public final class CallPages {

    private final byte[] bytes = new byte[CallMemory.READABLE];
    private final ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    /// Whether it was written since it was [#clear].
    private boolean dirty;

    /// Whether all of `count` bytes from `linear` on can be read.
    public static boolean readable(long linear, int count) {
        return within(linear, count, CallMemory.READABLE);
    }

    /// Whether all of `count` bytes from `linear` on can be written by a call.
    public static boolean writable(long linear, int count) {
        return within(linear, count, CallMemory.WRITABLE);
    }

    private static boolean within(long linear, int count, int size) {
        long at = linear - CallMemory.START;
        return at >= 0 && at <= size - count;
    }

    /// All of it, zero.
    public void clear() {
        if (dirty) {
            Arrays.fill(bytes, (byte) 0);
            dirty = false;
        }
    }

    /// The bytes, the first at [CallMemory#START].
    public byte[] bytes() {
        return bytes;
    }

    /// The 8 bytes at an address that can be read.
    public long word(long linear) {
        return words.getLong((int) (linear - CallMemory.START));
    }

    /// Writes the low `count` bytes, 1 to 8, of `value`.
    public void write(long linear, long value, int count) {
        int at = (int) (linear - CallMemory.START);
        dirty = true;
        if (count == Long.BYTES) {
            words.putLong(at, value);
        } else {
            for (int i = 0; i < count; i++) {
                bytes[at + i] = (byte) (value >>> (8 * i));
            }
        }
    }

    /// Copies bytes into words, little-endian; the last word is filled up with zeros.
    public void copy(long linear, int count, long[] to) {
        int at = (int) (linear - CallMemory.START);
        int whole = count / Long.BYTES;
        for (int i = 0; i < whole; i++) {
            to[i] = words.getLong(at + i * Long.BYTES);
        }
        int rest = count % Long.BYTES;
        if (rest != 0) {
            long last = 0;
            for (int i = rest - 1; i >= 0; i--) {
                last = last << 8 | (bytes[at + whole * Long.BYTES + i] & 0xFF);
            }
            to[whole] = last;
        }
    }

    /// Where it differs first from another copy, or -1.
    public int mismatch(CallPages other) {
        return dirty || other.dirty ? Arrays.mismatch(bytes, other.bytes) : -1;
    }
}
