// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;

/// The commonest of [Floats], each a method so short that HotSpot puts it into translated code.
/// What is not ordinary goes to [Floats#value].
///
/// In singles there are two numbers in 8 bytes; in a single one, with bytes of `a` above it.
public final class QuickFloats {

    // Exponents, and between which of them a number is far from all limits.

    private static final long EXPONENT = 0x7ffL << 52;
    private static final long LEAST = 2L << 52;
    private static final long MOST = 0x7feL << 52;

    private static final long HIGH_BITS = 0x8000_0000_8000_0000L;
    private static final long EXPONENTS = 0x7f80_0000_7f80_0000L;
    private static final long LEAST_ONES = 0x0100_0000_0100_0000L;
    private static final long MOST_ONES = 0x7f00_0000_7f00_0000L;

    private static final long LOW = 0xffffffffL;

    /// The number 1 above a single.
    private static final long ABOVE = 0x3f80_0000L << 32;

    private QuickFloats() {}

    /// [SimdOps#FADD] of doubles.
    public static long addDouble(final long a, final long b, final long[] slots) {
        return of(SimdOps.FADD, a, b, bits(number(a) + number(b)), slots);
    }

    /// [SimdOps#FSUB] of doubles.
    public static long subtractDouble(final long a, final long b, final long[] slots) {
        return of(SimdOps.FSUB, a, b, bits(number(a) - number(b)), slots);
    }

    /// [SimdOps#FMUL] of doubles.
    public static long multiplyDouble(final long a, final long b, final long[] slots) {
        return of(SimdOps.FMUL, a, b, bits(number(a) * number(b)), slots);
    }

    /// [SimdOps#FDIV] of doubles.
    public static long divideDouble(final long a, final long b, final long[] slots) {
        return of(SimdOps.FDIV, a, b, bits(number(a) / number(b)), slots);
    }

    /// [SimdOps#FSQRT] of a double.
    public static long rootDouble(final long a, final long b, final long[] slots) {
        return of(SimdOps.FSQRT, b, b, bits(Math.sqrt(number(b))), slots);
    }

    /// [SimdOps#FADD] of singles.
    public static long addSingles(final long a, final long b, final long[] slots) {
        final long sum = both(low(a) + low(b), high(a) + high(b));
        return ofSingles(SimdOps.FADD, a, b, sum, slots);
    }

    /// [SimdOps#FSUB] of singles.
    public static long subtractSingles(final long a, final long b, final long[] slots) {
        final long difference = both(low(a) - low(b), high(a) - high(b));
        return ofSingles(SimdOps.FSUB, a, b, difference, slots);
    }

    /// [SimdOps#FMUL] of singles.
    public static long multiplySingles(final long a, final long b, final long[] slots) {
        final long product = both(low(a) * low(b), high(a) * high(b));
        return ofSingles(SimdOps.FMUL, a, b, product, slots);
    }

    /// [SimdOps#FDIV] of singles.
    public static long divideSingles(final long a, final long b, final long[] slots) {
        final long quotient = both(low(a) / low(b), high(a) / high(b));
        return ofSingles(SimdOps.FDIV, a, b, quotient, slots);
    }

    /// [SimdOps#FADD] of a single.
    public static long addSingle(final long a, final long b, final long[] slots) {
        return ofSingle(SimdOps.FADD, a, b, low(a) + low(b), slots);
    }

    /// [SimdOps#FSUB] of a single.
    public static long subtractSingle(final long a, final long b, final long[] slots) {
        return ofSingle(SimdOps.FSUB, a, b, low(a) - low(b), slots);
    }

    /// [SimdOps#FMUL] of a single.
    public static long multiplySingle(final long a, final long b, final long[] slots) {
        return ofSingle(SimdOps.FMUL, a, b, low(a) * low(b), slots);
    }

    /// [SimdOps#FDIV] of a single.
    public static long divideSingle(final long a, final long b, final long[] slots) {
        return ofSingle(SimdOps.FDIV, a, b, low(a) / low(b), slots);
    }

    /// The flags of [SimdOps#FCOMPARE] of doubles.
    public static long compareDouble(
            final long a, final long b, final long quietIsInvalid, final long[] slots) {
        return isOrdinary(a, b, a)
                ? flags(number(a), number(b))
                : rare(SimdOps.FCOMPARE, SimdOps.DOUBLE, a, b, quietIsInvalid, slots);
    }

    /// The flags of [SimdOps#FCOMPARE] of a single.
    public static long compareSingle(
            final long a, final long b, final long quietIsInvalid, final long[] slots) {
        return areOrdinary(withOne(a), withOne(b), ABOVE)
                ? flags(low(a), low(b))
                : rare(SimdOps.FCOMPARE, SimdOps.SINGLE, a, b, quietIsInvalid, slots);
    }

    private static long flags(final double x, final double y) {
        return x < y ? Rflags.CF : x == y ? Rflags.ZF : 0;
    }

    private static double number(final long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(final double number) {
        return Double.doubleToRawLongBits(number);
    }

    private static float low(final long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static float high(final long bits) {
        return Float.intBitsToFloat((int) (bits >>> 32));
    }

    private static long both(final float low, final float high) {
        return (long) Float.floatToRawIntBits(high) << 32 | (Float.floatToRawIntBits(low) & LOW);
    }

    private static long of(
            final int op, final long a, final long b, final long result, final long[] slots) {
        return isUsual(slots) && isOrdinary(a, b, result)
                ? result
                : rare(op, SimdOps.DOUBLE, a, b, 0, slots);
    }

    private static long ofSingles(
            final int op, final long a, final long b, final long result, final long[] slots) {
        return isUsual(slots) && areOrdinary(a, b, result)
                ? result
                : rare(op, SimdOps.SINGLES, a, b, 0, slots);
    }

    private static long ofSingle(
            final int op, final long a, final long b, final float result, final long[] slots) {
        final long low = Float.floatToRawIntBits(result) & LOW;
        return isUsual(slots) && areOrdinary(withOne(a), withOne(b), withOne(low))
                ? (a & ~LOW) | low
                : rare(op, SimdOps.SINGLE, a, b, 0, slots);
    }

    private static long withOne(final long single) {
        return (single & LOW) | ABOVE;
    }

    private static boolean isUsual(final long[] slots) {
        return Floats.isOrdinaryMode((int) slots[Slots.MXCSR]);
    }

    /// Whether no exponent is below the least one or above the greatest one: no difference is
    /// negative.
    private static boolean isOrdinary(final long a, final long b, final long c) {
        final long x = a & EXPONENT;
        final long y = b & EXPONENT;
        final long z = c & EXPONENT;
        return (x - LEAST | MOST - x | y - LEAST | MOST - y | z - LEAST | MOST - z) >= 0;
    }

    /// The same of two numbers each: a bit above each exponent stays if nothing is borrowed.
    private static boolean areOrdinary(final long a, final long b, final long c) {
        final long x = a & EXPONENTS;
        final long y = b & EXPONENTS;
        final long z = c & EXPONENTS;
        final long kept =
                (x | HIGH_BITS) - LEAST_ONES
                        & (MOST_ONES | HIGH_BITS) - x
                        & (y | HIGH_BITS) - LEAST_ONES
                        & (MOST_ONES | HIGH_BITS) - y
                        & (z | HIGH_BITS) - LEAST_ONES
                        & (MOST_ONES | HIGH_BITS) - z;
        return (kept & HIGH_BITS) == HIGH_BITS;
    }

    private static long rare(
            final int op,
            final int kind,
            final long a,
            final long b,
            final long immediate,
            final long[] slots) {
        return Floats.value(op, kind, a, b, immediate, (int) slots[Slots.MXCSR], slots);
    }
}
