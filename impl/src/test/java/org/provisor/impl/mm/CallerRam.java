// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// 64 KiB of a guest's memory at address [#START]; all else faults, and so does writing from
/// [#READ_ONLY] on.
public final class CallerRam implements GuestMemory {

    public static final long START = 0x10000;
    public static final long READ_ONLY = START + 0xF000;

    private static final int SIZE = 0x10000;

    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /// All zero.
    public CallerRam() {}

    public long word(final long linear) {
        return bytes.getLong((int) (linear - START));
    }

    int half(final long linear) {
        return bytes.getInt((int) (linear - START));
    }

    /// Puts words in, from an address on.
    public void put(final long linear, final long... words) {
        for (int i = 0; i < words.length; i++) {
            bytes.putLong((int) (linear - START) + 8 * i, words[i]);
        }
    }

    /// Puts a reservation in.
    void reservation(
            final long linear,
            final long list,
            final long extents,
            final int order,
            final int flags,
            final int domain) {
        put(linear, list, extents, (long) flags << 32 | order, domain);
    }

    @Override
    public boolean read(final long linear, final long[] to, final int count) {
        if (linear < START || linear > START + SIZE - count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (i % 8 == 0) {
                to[i / 8] = 0;
            }
            to[i / 8] |= (bytes.get((int) (linear - START) + i) & 0xFFL) << (i % 8 * 8);
        }
        return true;
    }

    @Override
    public boolean writable(final long linear, final int count) {
        return linear >= START && linear <= READ_ONLY - count;
    }

    @Override
    public boolean write(final long linear, final long value, final int count) {
        if (!writable(linear, count)) {
            return false;
        }
        if (count == 8) {
            bytes.putLong((int) (linear - START), value);
        } else {
            bytes.putInt((int) (linear - START), (int) value);
        }
        return true;
    }
}
