// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Values narrower than a register.
public final class Widths {

    private Widths() {}

    /// In bits.
    public static int bits(final int size) {
        return 8 << size;
    }

    /// All bits of that size.
    public static long mask(final int size) {
        return -1L >>> (64 - (8 << size));
    }

    /// The highest bit of that size.
    public static long sign(final int size) {
        return 1L << ((8 << size) - 1);
    }

    public static long zeroExtend(final int size, final long value) {
        return value & mask(size);
    }

    public static long signExtend(final int size, final long value) {
        final int unused = 64 - (8 << size);
        return value << unused >> unused;
    }

    /// What a register holds once `value` has been written to its low part: 4 bytes clear the rest,
    /// fewer leave it.
    ///
    /// @sdm 1, "General-Purpose Registers in 64-Bit Mode"
    public static long merge(final int size, final long before, final long value) {
        if (size >= 2) {
            return size == 3 ? value : value & 0xffffffffL;
        }
        final long mask = mask(size);
        return (before & ~mask) | (value & mask);
    }

    /// As a size: 0 to 3 for 1, 2, 4 and 8 bytes.
    public static int size(final int bytes) {
        return Integer.numberOfTrailingZeros(bytes);
    }
}
