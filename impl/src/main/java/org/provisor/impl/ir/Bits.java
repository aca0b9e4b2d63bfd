// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// Bits counted, found, picked and put.
public final class Bits {

    /// The polynomial of CRC-32C, lowest bit first.
    private static final int CRC32C = 0x82f63b78;

    private Bits() {}

    /// Leading zeros.
    ///
    /// @sdm 2, "LZCNT—Count the Number of Leading Zero Bits"
    public static long lzcnt(final int size, final long a) {
        final long leading = Long.numberOfLeadingZeros(a & Widths.mask(size));
        return leading - (64 - Widths.bits(size));
    }

    /// Trailing zeros.
    ///
    /// @sdm 2, "TZCNT—Count the Number of Trailing Zero Bits"
    public static long tzcnt(final int size, final long a) {
        return Math.min(Long.numberOfTrailingZeros(a & Widths.mask(size)), Widths.bits(size));
    }

    /// CF if there was nothing to find, ZF if the count is 0.
    public static int countFlags(final int size, final long a, final long result) {
        return Flags.bit((a & Widths.mask(size)) == 0, Rflags.CF)
                | Flags.bit(result == 0, Rflags.ZF);
    }

    public static long popcnt(final int size, final long a) {
        return Long.bitCount(a & Widths.mask(size));
    }

    /// The lowest bit set; 0 if there is none.
    public static long bsf(final int size, final long a) {
        return tzcnt(size, a) % Widths.bits(size);
    }

    /// The highest bit set; of 0 that is not defined.
    public static long bsr(final int size, final long a) {
        return Widths.bits(size) - 1 - lzcnt(size, a);
    }

    /// Of 2 bytes the processor makes 0; the SDM does not define it.
    public static long bswap(final int size, final long a) {
        return switch (size) {
            case 3 -> Long.reverseBytes(a);
            case 2 -> Integer.toUnsignedLong(Integer.reverseBytes((int) a));
            case 1 -> 0;
            default -> throw new IllegalArgumentException("size " + size);
        };
    }

    /// As `movbe` does, which swaps 2 bytes too.
    public static long reversed(final int size, final long a) {
        return Long.reverseBytes(a) >>> (64 - Widths.bits(size));
    }

    /// CRC-32C of `crc` with `a` behind it.
    ///
    /// @sdm 2, "CRC32—Accumulate CRC32 Value"
    public static long crc32(final int size, final long crc, final long a) {
        int rest = (int) crc;
        for (int i = 0; i < Widths.bits(size); i += 8) {
            rest ^= (int) (a >>> i) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                rest = rest >>> 1 ^ (CRC32C & -(rest & 1));
            }
        }
        return Integer.toUnsignedLong(rest);
    }

    /// As many bits as `control` says, from where it says.
    ///
    /// @sdm 2, "BEXTR—Bit Field Extract"
    public static long bextr(final int size, final long a, final long control) {
        final int start = (int) control & 0xff;
        final int length = (int) control >>> 8 & 0xff;
        final long shifted = start >= 64 ? 0 : (a & Widths.mask(size)) >>> start;
        return length >= 64 ? shifted : shifted & ((1L << length) - 1);
    }

    /// Without the bits from `index` on.
    ///
    /// @sdm 2, "BZHI—Zero High Bits Starting with Specified Bit Position"
    public static long bzhi(final int size, final long a, final long index) {
        final int n = (int) index & 0xff;
        final long value = a & Widths.mask(size);
        return n >= Widths.bits(size) ? value : value & ((1L << n) - 1);
    }

    public static long pext(final int size, final long a, final long mask) {
        return Long.compress(a, mask & Widths.mask(size));
    }

    public static long pdep(final int size, final long a, final long mask) {
        return Long.expand(a, mask & Widths.mask(size));
    }

    /// The flags of BMI instructions that clear OF.
    public static int bmiFlags(final int size, final long result, final boolean carry) {
        return (Flags.ofResult(size, result) & ~Rflags.PF) | Flags.bit(carry, Rflags.CF);
    }

    /// `bt` and its like: the bit that is meant, as a mask.
    public static long bit(final int size, final long number) {
        return 1L << (number & (Widths.bits(size) - 1));
    }

    /// The address of what a bit number in a register means in memory: it may reach beyond the
    /// operand, forwards and backwards.
    ///
    /// @sdm 2, "BT—Bit Test"
    public static long bitAddress(final int size, final long address, final long number) {
        return address + ((Widths.signExtend(size, number) >> (3 + size)) << size);
    }
}
