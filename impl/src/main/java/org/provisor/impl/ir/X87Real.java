// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// A real number of 128 bits, for the functions of the x87 FPU. What does not fit is cut off: an
/// operation is wrong by no more than a few units of the last bit.
///
/// The value is `significand * 2^(exponent - 127)`, and the highest bit of the significand is set;
/// a significand of 0 is the number 0.
final class X87Real {

    private static final int BITS = 2 * Long.SIZE;

    boolean negative;
    int exponent;
    long high;
    long low;

    boolean isZero() {
        return (high | low) == 0;
    }

    void set(final X87Real other) {
        set(other.negative, other.exponent, other.high, other.low);
    }

    void set(
            final boolean newNegative,
            final int newExponent,
            final long newHigh,
            final long newLow) {
        negative = newNegative;
        exponent = newExponent;
        high = newHigh;
        low = newLow;
        normalise();
    }

    void set(final X87Number number) {
        set(number.negative, number.exponent, number.significand, 0);
    }

    /// A whole number.
    void set(final long number) {
        set(number < 0, Long.SIZE - 1, Math.abs(number), 0);
    }

    private void normalise() {
        if ((high | low) == 0) {
            return;
        }
        if (high == 0) {
            high = low;
            low = 0;
            exponent -= Long.SIZE;
        }
        final int zeros = Long.numberOfLeadingZeros(high);
        if (zeros != 0) {
            high = high << zeros | low >>> -zeros;
            low <<= zeros;
            exponent -= zeros;
        }
    }

    /// `this *= other`.
    void multiply(final X87Real other) {
        // The product of the low halves is too small to count.
        final long top = Math.unsignedMultiplyHigh(high, other.high);
        long middle = high * other.high;
        long newHigh = top;
        final long first = Math.unsignedMultiplyHigh(high, other.low);
        middle += first;
        newHigh += X87Wide.carry(first, middle);
        final long second = Math.unsignedMultiplyHigh(low, other.high);
        middle += second;
        newHigh += X87Wide.carry(second, middle);
        set(negative != other.negative, exponent + other.exponent + 1, newHigh, middle);
    }

    /// `this += other`.
    void add(final X87Real other) {
        add(other, other.negative);
    }

    /// `this -= other`.
    void subtract(final X87Real other) {
        add(other, !other.negative);
    }

    private void add(final X87Real other, final boolean sign) {
        if (other.isZero()) {
            return;
        }
        if (isZero()) {
            set(sign, other.exponent, other.high, other.low);
            return;
        }
        final boolean swap = compareMagnitude(other) < 0;
        final int shift = Math.min(Math.abs(exponent - other.exponent), BITS);
        final long smallHigh = swap ? high : other.high;
        final long smallLow = swap ? low : other.low;
        final long bigHigh = swap ? other.high : high;
        final long bigLow = swap ? other.low : low;
        final long addHigh = X87Wide.shiftedHigh(smallHigh, shift);
        final long addLow = shift == 0 ? smallLow : X87Wide.shiftedLow(smallHigh, smallLow, shift);
        final boolean same = negative == sign;
        final boolean newSign = swap ? sign : negative;
        final int power = swap ? other.exponent : exponent;
        if (same) {
            final long newLow = bigLow + addLow;
            final long carry = X87Wide.carry(addLow, newLow);
            final long newHigh = bigHigh + addHigh + carry;
            final boolean over =
                    Long.compareUnsigned(newHigh, bigHigh) < 0
                            || (carry != 0 && newHigh == bigHigh);
            if (over) {
                set(
                        newSign,
                        power + 1,
                        newHigh >>> 1 | Long.MIN_VALUE,
                        newHigh << 63 | newLow >>> 1);
            } else {
                set(newSign, power, newHigh, newLow);
            }
            return;
        }
        final long borrow = X87Wide.bit(Long.compareUnsigned(bigLow, addLow) < 0);
        set(newSign, power, bigHigh - addHigh - borrow, bigLow - addLow);
    }

    /// Without signs.
    int compareMagnitude(final X87Real other) {
        if (isZero() || other.isZero()) {
            return Boolean.compare(!isZero(), !other.isZero());
        }
        if (exponent != other.exponent) {
            return Integer.compare(exponent, other.exponent);
        }
        final int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /// `this /= other`, bit by bit.
    void divide(final X87Real other) {
        if (isZero()) {
            return;
        }
        long restHigh = high;
        long rest = low;
        long quotientHigh = 0;
        long quotient = 0;
        boolean carry = false;
        for (int i = 0; i < BITS; i++) {
            quotientHigh = quotientHigh << 1 | quotient >>> 63;
            quotient <<= 1;
            final int order = Long.compareUnsigned(restHigh, other.high);
            final boolean fits =
                    carry
                            || order > 0
                            || (order == 0 && Long.compareUnsigned(rest, other.low) >= 0);
            if (fits) {
                restHigh -= other.high + X87Wide.bit(Long.compareUnsigned(rest, other.low) < 0);
                rest -= other.low;
                quotient |= 1;
            }
            carry = restHigh < 0;
            restHigh = restHigh << 1 | rest >>> 63;
            rest <<= 1;
        }
        set(negative != other.negative, exponent - other.exponent, quotientHigh, quotient);
    }

    /// `this /= by`, a small positive number.
    void divide(final int by) {
        if (isZero()) {
            return;
        }
        final long first = Long.divideUnsigned(high, by);
        long rest = Long.remainderUnsigned(high, by);
        // The low half, 32 bits at a time.
        final long upper = rest << 32 | low >>> 32;
        rest = upper % by;
        final long lower = rest << 32 | (low & 0xffff_ffffL);
        set(negative, exponent, first, (upper / by) << 32 | lower / by);
    }
}
