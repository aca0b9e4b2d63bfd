// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Multiplication and division.
public final class Products {

    private Products() {}

    /// The high half of an unsigned product.
    public static long mulHigh(final int size, final long a, final long b) {
        final long mask = Widths.mask(size);
        return size == 3
                ? Math.unsignedMultiplyHigh(a, b)
                : ((a & mask) * (b & mask)) >>> Widths.bits(size);
    }

    /// The high half of a signed product.
    public static long imulHigh(final int size, final long a, final long b) {
        return size == 3
                ? Math.multiplyHigh(a, b)
                : (Widths.signExtend(size, a) * Widths.signExtend(size, b)) >> Widths.bits(size)
                        & Widths.mask(size);
    }

    /// The low half of either.
    public static long low(final int size, final long a, final long b) {
        return a * b & Widths.mask(size);
    }

    public static int mulFlags(final int size, final long a, final long b) {
        return Flags.product(size, low(size, a, b), mulHigh(size, a, b) == 0);
    }

    public static int imulFlags(final int size, final long a, final long b) {
        final long low = Widths.signExtend(size, low(size, a, b));
        final long high = Widths.signExtend(size, imulHigh(size, a, b));
        return Flags.product(size, low, low >> 63 == high);
    }

    /// Whether an unsigned quotient fits.
    public static boolean canDivide(final int size, final long high, final long divisor) {
        final long mask = Widths.mask(size);
        return Long.compareUnsigned(high & mask, divisor & mask) < 0;
    }

    /// An unsigned quotient that fits.
    public static long quotient(
            final int size, final long high, final long low, final long divisor) {
        final long by = divisor & Widths.mask(size);
        if (size < 3) {
            return Long.divideUnsigned(joined(size, high, low), by);
        }
        return high == 0 ? Long.divideUnsigned(low, by) : divideLong(high, low, by);
    }

    public static long remainder(
            final int size, final long high, final long low, final long divisor) {
        return low - quotient(size, high, low, divisor) * divisor & Widths.mask(size);
    }

    /// 128 by 64 bits, bit by bit: rare.
    private static long divideLong(final long high, final long low, final long divisor) {
        long rest = high;
        long quotient = low;
        for (int i = 0; i < 64; i++) {
            final boolean carry = rest < 0;
            rest = rest << 1 | quotient >>> 63;
            quotient <<= 1;
            if (carry || Long.compareUnsigned(rest, divisor) >= 0) {
                rest -= divisor;
                quotient |= 1;
            }
        }
        return quotient;
    }

    private static long joined(final int size, final long high, final long low) {
        final long mask = Widths.mask(size);
        return (high & mask) << Widths.bits(size) | (low & mask);
    }

    /// Whether a signed quotient fits.
    public static boolean canDivideSigned(
            final int size, final long high, final long low, final long divisor) {
        final long by = Widths.signExtend(size, divisor);
        if (by == 0) {
            return false;
        }
        if (size < 3) {
            final long dividend = joinedSigned(size, high, low);
            if (dividend == Long.MIN_VALUE && by == -1) {
                return false;
            }
            final long quotient = dividend / by;
            return quotient == Widths.signExtend(size, quotient);
        }
        final boolean negative = high < 0;
        final long absoluteLow = negative ? -low : low;
        final long absoluteHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        final long absoluteBy = Math.abs(by);
        if (Long.compareUnsigned(absoluteHigh, absoluteBy) >= 0) {
            return false;
        }
        final long quotient = quotient(3, absoluteHigh, absoluteLow, absoluteBy);
        return negative == by < 0 ? quotient >= 0 : quotient >= 0 || quotient == Long.MIN_VALUE;
    }

    private static long joinedSigned(final int size, final long high, final long low) {
        return Widths.signExtend(size, high) << Widths.bits(size) | (low & Widths.mask(size));
    }

    /// A signed quotient that fits.
    public static long quotientSigned(
            final int size, final long high, final long low, final long divisor) {
        final long by = Widths.signExtend(size, divisor);
        if (size < 3) {
            return joinedSigned(size, high, low) / by & Widths.mask(size);
        }
        final boolean negative = high < 0;
        final long absoluteLow = negative ? -low : low;
        final long absoluteHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        final long quotient = quotient(3, absoluteHigh, absoluteLow, Math.abs(by));
        return negative == by < 0 ? quotient : -quotient;
    }

    public static long remainderSigned(
            final int size, final long high, final long low, final long divisor) {
        return low - quotientSigned(size, high, low, divisor) * divisor & Widths.mask(size);
    }
}
