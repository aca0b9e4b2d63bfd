// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;

/// Arithmetic on floating-point numbers, exact to the last bit and to the last flag, in any
/// rounding mode: significands are integers here.
///
/// Every method takes MXCSR as it is before the instruction, and adds the exceptions that it meets,
/// masked or not, to [Slots#RAISED]. What it returns when one is not masked nobody sees.
///
/// @sdm 1, "SSE and SSE2 Instruction Set", "SIMD Floating-Point Exceptions"
final class FloatArithmetic {

    private FloatArithmetic() {}

    static void raise(final long[] slots, final int exceptions) {
        slots[Slots.RAISED] |= exceptions;
    }

    /// An operand as it counts: zero for one that is denormal, with DAZ.
    static long operand(final FloatFormat f, final long x, final int mxcsr) {
        return (mxcsr & Mxcsr.DAZ) != 0 && f.isDenormal(x) ? f.sign(x) : x;
    }

    /// The NaN that comes of two operands of which at least one is a NaN: the first that is.
    ///
    /// @sdm 1, "Operating on SNaNs and QNaNs"
    static long nan(final FloatFormat f, final long a, final long b, final long[] slots) {
        if (f.isSignaling(a) || f.isSignaling(b)) {
            raise(slots, Mxcsr.IE);
        }
        return (f.isNan(a) ? a : b) | f.quietBit();
    }

    private static long invalid(final FloatFormat f, final long[] slots) {
        raise(slots, Mxcsr.IE);
        return f.indefinite();
    }

    static void noteDenormal(final FloatFormat f, final long x, final long[] slots) {
        if (f.isDenormal(x)) {
            raise(slots, Mxcsr.DE);
        }
    }

    static long add(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        return sum(f, x, y, 0, mxcsr, slots);
    }

    static long subtract(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        return sum(f, x, y, f.signBit(), mxcsr, slots);
    }

    /// @param flip the sign bit to subtract, 0 to add
    private static long sum(
            final FloatFormat f,
            final long x,
            final long y,
            final long flip,
            final int mxcsr,
            final long[] slots) {
        final long a = operand(f, x, mxcsr);
        if (f.isNan(a) || f.isNan(y)) {
            return nan(f, a, y, slots);
        }
        final long b = operand(f, y, mxcsr) ^ flip;
        final boolean opposite = f.sign(a) != f.sign(b);
        if (f.isInfinite(a) && f.isInfinite(b) && opposite) {
            return invalid(f, slots);
        }
        noteDenormal(f, a, slots);
        noteDenormal(f, b, slots);
        if (f.isInfinite(a) || f.isInfinite(b)) {
            return f.isInfinite(a) ? a : b;
        }
        if (f.isZero(a) && f.isZero(b)) {
            return opposite ? zeroOfDifference(f, mxcsr) : a;
        }
        if (f.isZero(a) || f.isZero(b)) {
            final long one = f.isZero(a) ? b : a;
            return rounded(f, f.sign(one), f.exponent(one), f.significand(one), mxcsr, slots);
        }
        final boolean larger = f.magnitude(a) >= f.magnitude(b);
        final long big = larger ? a : b;
        final long small = larger ? b : a;
        final int exponent = f.exponent(big);
        // One bit of room for the carry.
        final long first = f.significand(big) >>> 1;
        final long second = shiftRight(f.significand(small) >>> 1, exponent - f.exponent(small));
        final long sum = opposite ? first - second : first + second;
        if (sum == 0) {
            return zeroOfDifference(f, mxcsr);
        }
        return normalized(f, f.sign(big), exponent + 1, sum, mxcsr, slots);
    }

    private static long zeroOfDifference(final FloatFormat f, final int mxcsr) {
        return Mxcsr.rounding(mxcsr) == Mxcsr.DOWN ? f.signBit() : 0;
    }

    static long multiply(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        final long a = operand(f, x, mxcsr);
        final long b = operand(f, y, mxcsr);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(f, a, b, slots);
        }
        final long sign = f.sign(a ^ b);
        if (f.isInfinite(a) || f.isInfinite(b)) {
            if (f.isZero(a) || f.isZero(b)) {
                return invalid(f, slots);
            }
            noteDenormal(f, a, slots);
            noteDenormal(f, b, slots);
            return sign | f.infinity();
        }
        noteDenormal(f, a, slots);
        noteDenormal(f, b, slots);
        if (f.isZero(a) || f.isZero(b)) {
            return sign;
        }
        final long high = Math.multiplyHigh(f.significand(a), f.significand(b));
        final long low = f.significand(a) * f.significand(b);
        final long product = high << 1 | low >>> 63 | (low << 1 != 0 ? 1 : 0);
        return normalized(f, sign, f.exponent(a) + f.exponent(b) + 1, product, mxcsr, slots);
    }

    static long divide(
            final FloatFormat f, final long x, final long y, final int mxcsr, final long[] slots) {
        final long a = operand(f, x, mxcsr);
        final long b = operand(f, y, mxcsr);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(f, a, b, slots);
        }
        final long sign = f.sign(a ^ b);
        if ((f.isInfinite(a) && f.isInfinite(b)) || (f.isZero(a) && f.isZero(b))) {
            return invalid(f, slots);
        }
        if (f.isZero(b) && !f.isInfinite(a)) {
            raise(slots, Mxcsr.ZE);
            return sign | f.infinity();
        }
        noteDenormal(f, a, slots);
        noteDenormal(f, b, slots);
        if (f.isInfinite(a)) {
            return sign | f.infinity();
        }
        if (f.isZero(a) || f.isInfinite(b)) {
            return sign;
        }
        // Below 2^53 each, so that ten bits of the quotient come at a time.
        final long divisor = f.significand(b) >>> 10;
        long rest = f.significand(a) >>> 10;
        long quotient = rest / divisor;
        rest %= divisor;
        for (int i = 0; i < 6; i++) {
            rest <<= 10;
            quotient = quotient << 10 | rest / divisor;
            rest %= divisor;
        }
        final int exponent = f.exponent(a) - f.exponent(b) + 2;
        return normalized(f, sign, exponent, quotient | (rest != 0 ? 1 : 0), mxcsr, slots);
    }

    static long squareRoot(final FloatFormat f, final long x, final int mxcsr, final long[] slots) {
        final long a = operand(f, x, mxcsr);
        if (f.isNan(a)) {
            return nan(f, a, a, slots);
        }
        if (f.isZero(a)) {
            return a;
        }
        if (f.isNegative(a)) {
            return invalid(f, slots);
        }
        noteDenormal(f, a, slots);
        if (f.isInfinite(a)) {
            return a;
        }
        final int exponent = f.exponent(a);
        // From 2^60 to 2^62, so that the exponent is even; two bits of it, one of the root.
        long digits = f.significand(a) >>> ((exponent & 1) == 0 ? 2 : 1);
        long rest = 0;
        long root = 0;
        for (int i = 0; i < 58; i++) {
            rest = rest << 2 | (digits >>> 60 & 3);
            digits <<= 2;
            root <<= 1;
            final long next = root << 1 | 1;
            if (rest >= next) {
                rest -= next;
                root |= 1;
            }
        }
        final long jammed = root << 1 | (rest != 0 ? 1 : 0);
        return normalized(f, 0, (exponent >> 1) + 4, jammed, mxcsr, slots);
    }

    /// Shifts right; what is lost stays as the lowest bit.
    static long shiftRight(final long x, final int count) {
        if (count >= 64) {
            return x != 0 ? 1 : 0;
        }
        return count == 0 ? x : x >>> count | (x << (64 - count) != 0 ? 1 : 0);
    }

    /// A number with its highest bit anywhere, rounded.
    ///
    /// @param exponent of bit [FloatFormat#TOP]
    static long normalized(
            final FloatFormat f,
            final long sign,
            final int exponent,
            final long significand,
            final int mxcsr,
            final long[] slots) {
        final int above = Long.numberOfLeadingZeros(significand) - 1;
        return above < 0
                ? rounded(f, sign, exponent + 1, shiftRight(significand, 1), mxcsr, slots)
                : rounded(f, sign, exponent - above, significand << above, mxcsr, slots);
    }

    /// Whether a significand grows by one in its last place that is kept.
    ///
    /// @param extra how many bits are not kept
    static boolean roundsUp(
            final int mode, final boolean negative, final long significand, final int extra) {
        final long rest = significand & (1L << extra) - 1;
        final long half = 1L << (extra - 1);
        return switch (mode) {
            case Mxcsr.NEAREST -> rest > half || (rest == half && (significand >>> extra & 1) != 0);
            case Mxcsr.DOWN -> negative && rest != 0;
            case Mxcsr.UP -> !negative && rest != 0;
            default -> false;
        };
    }

    /// The number of the format that stands for `significand * 2^(exponent - 62)`.
    ///
    /// @param significand from 2^62 on, below 2^63; its lowest bit stands for all below
    static long rounded(
            final FloatFormat f,
            final long sign,
            final int exponent,
            final long significand,
            final int mxcsr,
            final long[] slots) {
        final int mode = Mxcsr.rounding(mxcsr);
        final int extra = FloatFormat.TOP - f.fractionBits();
        final boolean up = roundsUp(mode, sign != 0, significand, extra);
        final boolean inexact = (significand & (1L << extra) - 1) != 0;
        long kept = (significand >>> extra) + (up ? 1 : 0);
        int after = exponent;
        if (kept > f.fractionMask() * 2 + 1) {
            kept >>>= 1;
            after++;
        }
        if (after < f.minExponent()) {
            return tiny(f, sign, exponent, significand, inexact, true, mxcsr, slots);
        }
        if (exponent < f.minExponent()) {
            return tiny(f, sign, exponent, significand, inexact, false, mxcsr, slots);
        }
        if (after > f.maxExponent()) {
            final boolean exact = Mxcsr.unmasked(mxcsr, Mxcsr.OE) != 0 && !inexact;
            raise(slots, exact ? Mxcsr.OE : Mxcsr.OE | Mxcsr.PE);
            return sign | (reachesInfinity(mode, sign != 0) ? f.infinity() : f.largest());
        }
        if (inexact) {
            raise(slots, Mxcsr.PE);
        }
        return sign | (long) (after + f.bias()) << f.fractionBits() | (kept & f.fractionMask());
    }

    private static boolean reachesInfinity(final int mode, final boolean negative) {
        return switch (mode) {
            case Mxcsr.NEAREST -> true;
            case Mxcsr.DOWN -> negative;
            case Mxcsr.UP -> !negative;
            default -> false;
        };
    }

    /// A number below the least that is not denormal, before rounding at least.
    ///
    /// @param inexact whether it would be rounded if exponents had no limit
    /// @param stays whether it would be tiny after that
    private static long tiny(
            final FloatFormat f,
            final long sign,
            final int exponent,
            final long significand,
            final boolean inexact,
            final boolean stays,
            final int mxcsr,
            final long[] slots) {
        final boolean masked = Mxcsr.unmasked(mxcsr, Mxcsr.UE) == 0;
        if (stays && !masked) {
            raise(slots, inexact ? Mxcsr.UE | Mxcsr.PE : Mxcsr.UE);
            return sign;
        }
        if (stays && (mxcsr & Mxcsr.FTZ) != 0) {
            raise(slots, Mxcsr.UE | Mxcsr.PE);
            return sign;
        }
        final int extra = FloatFormat.TOP - f.fractionBits();
        final long shifted = shiftRight(significand, f.minExponent() - exponent);
        if ((shifted & (1L << extra) - 1) != 0) {
            raise(slots, stays ? Mxcsr.UE | Mxcsr.PE : Mxcsr.PE);
        }
        final boolean up = roundsUp(Mxcsr.rounding(mxcsr), sign != 0, shifted, extra);
        return sign | (shifted >>> extra) + (up ? 1 : 0);
    }
}
