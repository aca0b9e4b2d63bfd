// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Mxcsr;

/// Floating-point numbers to integers, to the other format, and back.
///
/// Parameters are those of [FloatArithmetic].
final class FloatConversions {

    private FloatConversions() {}

    /// To a signed integer, sign-extended.
    ///
    /// @param bits of the integer, 32 or 64
    /// @param mode how to round
    static long toInteger(
            final FloatFormat f,
            final long x,
            final int bits,
            final int mode,
            final int mxcsr,
            final long[] slots) {
        final long a = FloatArithmetic.operand(f, x, mxcsr);
        if (f.isZero(a)) {
            return 0;
        }
        final long least = -1L << (bits - 1);
        if (f.isNan(a) || f.isInfinite(a) || f.exponent(a) >= bits) {
            return none(least, slots);
        }
        final boolean negative = f.isNegative(a);
        final int exponent = f.exponent(a);
        if (exponent > FloatFormat.TOP) {
            // From 2^63 on there is the least integer, or none.
            final boolean exact = negative && f.significand(a) == 1L << FloatFormat.TOP;
            return exact ? least : none(least, slots);
        }
        final long magnitude = magnitude(f, a, exponent, mode);
        if (negative ? -magnitude < least : magnitude > ~least) {
            return none(least, slots);
        }
        if (isInexact(f, a, exponent)) {
            FloatArithmetic.raise(slots, Mxcsr.PE);
        }
        return negative ? -magnitude : magnitude;
    }

    /// What there is instead of an integer that has too many bits.
    private static long none(final long least, final long[] slots) {
        FloatArithmetic.raise(slots, Mxcsr.IE);
        return least;
    }

    /// Rounded to a whole number; the exponent is at most 62.
    private static long magnitude(
            final FloatFormat f, final long a, final int exponent, final int mode) {
        final int extra = FloatFormat.TOP - exponent;
        if (extra == 0) {
            return f.significand(a);
        }
        // Two bits below the point are enough, if the lower one stands for all.
        final long scaled =
                extra == 1
                        ? f.significand(a) << 1
                        : FloatArithmetic.shiftRight(f.significand(a), extra - 2);
        final boolean up = FloatArithmetic.roundsUp(mode, f.isNegative(a), scaled, 2);
        return (scaled >>> 2) + (up ? 1 : 0);
    }

    private static boolean isInexact(final FloatFormat f, final long a, final int exponent) {
        final int extra = FloatFormat.TOP - exponent;
        return extra > FloatFormat.TOP || (f.significand(a) & (1L << extra) - 1) != 0;
    }

    /// From a signed integer.
    static long fromInteger(
            final FloatFormat f, final long integer, final int mxcsr, final long[] slots) {
        if (integer == 0) {
            return 0;
        }
        final long sign = integer < 0 ? f.signBit() : 0;
        final long magnitude = Math.abs(integer);
        return FloatArithmetic.normalized(f, sign, FloatFormat.TOP, magnitude, mxcsr, slots);
    }

    /// To a whole number of the same format.
    ///
    /// @param quiet whether rounding is no exception
    static long round(
            final FloatFormat f,
            final long x,
            final int mode,
            final boolean quiet,
            final int mxcsr,
            final long[] slots) {
        final long a = FloatArithmetic.operand(f, x, mxcsr);
        if (f.isNan(a)) {
            return FloatArithmetic.nan(f, a, a, slots);
        }
        if (f.isZero(a) || f.isInfinite(a) || f.exponent(a) >= f.fractionBits()) {
            return a;
        }
        final int exponent = f.exponent(a);
        if (!isInexact(f, a, exponent)) {
            return a;
        }
        if (!quiet) {
            FloatArithmetic.raise(slots, Mxcsr.PE);
        }
        return f.sign(a) | fromInteger(f, magnitude(f, a, exponent, mode), mxcsr, slots);
    }

    /// From single to double.
    static long widen(final long x, final int mxcsr, final long[] slots) {
        final FloatFormat from = FloatFormat.SINGLE;
        final FloatFormat to = FloatFormat.DOUBLE;
        final long a = FloatArithmetic.operand(from, x, mxcsr);
        final long sign = from.isNegative(a) ? to.signBit() : 0;
        if (from.isNan(a)) {
            final int more = to.fractionBits() - from.fractionBits();
            final long payload = FloatArithmetic.nan(from, a, a, slots) & from.fractionMask();
            return sign | to.infinity() | payload << more;
        }
        if (from.isInfinite(a)) {
            return sign | to.infinity();
        }
        if (from.isZero(a)) {
            return sign;
        }
        FloatArithmetic.noteDenormal(from, a, slots);
        final int exponent = from.exponent(a);
        return FloatArithmetic.rounded(to, sign, exponent, from.significand(a), mxcsr, slots);
    }

    /// From double to single.
    static long narrow(final long x, final int mxcsr, final long[] slots) {
        final FloatFormat from = FloatFormat.DOUBLE;
        final FloatFormat to = FloatFormat.SINGLE;
        final long a = FloatArithmetic.operand(from, x, mxcsr);
        final long sign = from.isNegative(a) ? to.signBit() : 0;
        if (from.isNan(a)) {
            final int less = from.fractionBits() - to.fractionBits();
            final long payload = FloatArithmetic.nan(from, a, a, slots) & from.fractionMask();
            return sign | to.infinity() | payload >>> less;
        }
        if (from.isInfinite(a)) {
            return sign | to.infinity();
        }
        if (from.isZero(a)) {
            return sign;
        }
        FloatArithmetic.noteDenormal(from, a, slots);
        final int exponent = from.exponent(a);
        return FloatArithmetic.rounded(to, sign, exponent, from.significand(a), mxcsr, slots);
    }
}
