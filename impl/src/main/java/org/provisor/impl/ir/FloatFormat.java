// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// A binary format of floating-point numbers, and what can be told of a number by its bits. Numbers
/// are the low bits of a `long`; above them there are zeros.
///
/// A number that is finite and not zero is `significand * 2^(exponent - 62)` with the significand
/// from 2^62 on and below 2^63, denormal or not.
///
/// @param fractionBits how many bits of the significand are stored
/// @param exponentBits how many bits the exponent has
record FloatFormat(int fractionBits, int exponentBits) {

    static final FloatFormat SINGLE = new FloatFormat(23, 8);
    static final FloatFormat DOUBLE = new FloatFormat(52, 11);

    /// The highest bit of a significand.
    static final int TOP = 62;

    int bias() {
        return (1 << (exponentBits - 1)) - 1;
    }

    /// The exponent of the least number that is not denormal.
    int minExponent() {
        return 1 - bias();
    }

    int maxExponent() {
        return bias();
    }

    long signBit() {
        return 1L << (fractionBits + exponentBits);
    }

    long fractionMask() {
        return (1L << fractionBits) - 1;
    }

    /// The bit that makes a NaN quiet.
    long quietBit() {
        return 1L << (fractionBits - 1);
    }

    long infinity() {
        return signBit() - 1 & ~fractionMask();
    }

    /// The largest finite number.
    long largest() {
        return infinity() - 1;
    }

    /// What an operation gives that has no result: a NaN.
    ///
    /// @sdm 1, "QNaN Floating-Point Indefinite"
    long indefinite() {
        return signBit() | infinity() | quietBit();
    }

    long sign(final long x) {
        return x & signBit();
    }

    long magnitude(final long x) {
        return x & signBit() - 1;
    }

    boolean isNegative(final long x) {
        return sign(x) != 0;
    }

    boolean isNan(final long x) {
        return magnitude(x) > infinity();
    }

    boolean isSignaling(final long x) {
        return isNan(x) && (x & quietBit()) == 0;
    }

    boolean isInfinite(final long x) {
        return magnitude(x) == infinity();
    }

    boolean isZero(final long x) {
        return magnitude(x) == 0;
    }

    boolean isDenormal(final long x) {
        final long magnitude = magnitude(x);
        return magnitude != 0 && magnitude <= fractionMask();
    }

    /// Of a number that is finite and not zero.
    int exponent(final long x) {
        final int stored = (int) (magnitude(x) >>> fractionBits);
        if (stored != 0) {
            return stored - bias();
        }
        final int above = Long.numberOfLeadingZeros(magnitude(x)) - (63 - fractionBits);
        return minExponent() - above;
    }

    /// Of a number that is finite and not zero.
    long significand(final long x) {
        final long magnitude = magnitude(x);
        final long fraction = magnitude & fractionMask();
        if (magnitude > fractionMask()) {
            return (fraction | 1L << fractionBits) << (TOP - fractionBits);
        }
        return fraction << (Long.numberOfLeadingZeros(fraction) - 1);
    }
}
