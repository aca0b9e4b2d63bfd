// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// A number of 80 bits, taken apart. Used again for the next one.
///
/// A finite number other than 0 is `significand * 2^(exponent - 63)`, and the highest bit of its
/// significand is set, whatever it was in memory.
///
/// @sdm 1, "x87 FPU Data Types"
final class X87Number {

    /// What it is.
    enum Kind {
        ZERO,
        FINITE,
        INFINITE,
        QUIET,
        SIGNALLING,
        /// An encoding that processors since the 80387 refuse: its integer bit is 0 and should not
        /// be.
        UNSUPPORTED
    }

    static final int BIAS = 0x3fff;

    /// The exponent of the least normal number.
    static final int LEAST = 1 - BIAS;

    /// The exponent of infinities and NaNs, biased.
    static final int MOST_FIELD = 0x7fff;

    static final int SIGN = 0x8000;

    /// The integer bit of a significand.
    static final long INTEGER = Long.MIN_VALUE;

    /// The bit that makes a NaN a quiet one.
    static final long QUIET_BIT = 1L << 62;

    Kind kind = Kind.ZERO;
    boolean negative;
    int exponent;
    long significand;

    /// Whether the exponent's field was 0, and it is not zero.
    boolean denormal;

    boolean isNaN() {
        return kind == Kind.QUIET || kind == Kind.SIGNALLING;
    }

    boolean isZero() {
        return kind == Kind.ZERO;
    }

    boolean isFinite() {
        return kind == Kind.FINITE;
    }

    boolean isInfinite() {
        return kind == Kind.INFINITE;
    }

    /// Whether using it is an invalid operation whatever the operation.
    boolean isInvalid() {
        return kind == Kind.SIGNALLING || kind == Kind.UNSUPPORTED;
    }

    private void set(final Kind what, final boolean sign, final int power, final long bits) {
        kind = what;
        negative = sign;
        exponent = power;
        significand = bits;
        denormal = false;
    }

    private void normalised(final boolean sign, final int power, final long bits) {
        if (bits == 0) {
            set(Kind.ZERO, sign, 0, 0);
            return;
        }
        final int shift = Long.numberOfLeadingZeros(bits);
        set(Kind.FINITE, sign, power - shift, bits << shift);
    }

    private void special(final boolean sign, final long bits) {
        final boolean infinite = bits == INTEGER;
        final boolean quiet = (bits & QUIET_BIT) != 0;
        set(infinite ? Kind.INFINITE : quiet ? Kind.QUIET : Kind.SIGNALLING, sign, 0, bits);
    }

    /// Of a register.
    ///
    /// @param bits the significand
    /// @param head sign and exponent
    void ofExtended(final long bits, final long head) {
        final boolean sign = (head & SIGN) != 0;
        final int field = (int) head & MOST_FIELD;
        if (field == 0) {
            normalised(sign, LEAST, bits);
            denormal = bits != 0;
        } else if (bits >= 0) {
            set(Kind.UNSUPPORTED, sign, 0, bits);
        } else if (field == MOST_FIELD) {
            special(sign, bits);
        } else {
            set(Kind.FINITE, sign, field - BIAS, bits);
        }
    }

    void ofSingle(final int number) {
        ofBinary(number, 23, 8);
    }

    void ofDouble(final long number) {
        ofBinary(number, 52, 11);
    }

    private void ofBinary(final long number, final int fractionBits, final int exponentBits) {
        final boolean sign = (number >> (fractionBits + exponentBits) & 1) != 0;
        final int most = (1 << exponentBits) - 1;
        final int field = (int) (number >> fractionBits) & most;
        final long fraction = number << (Long.SIZE - 1 - fractionBits) & Long.MAX_VALUE;
        if (field == 0) {
            normalised(sign, 1 - (most >> 1), fraction);
            denormal = fraction != 0;
        } else if (field == most) {
            special(sign, INTEGER | fraction);
        } else {
            set(Kind.FINITE, sign, field - (most >> 1), INTEGER | fraction);
        }
    }

    void ofInteger(final long number) {
        normalised(number < 0, Long.SIZE - 1, Math.abs(number));
    }

    /// Of a magnitude without sign.
    void ofMagnitude(final boolean sign, final long magnitude) {
        normalised(sign, Long.SIZE - 1, magnitude);
    }
}
