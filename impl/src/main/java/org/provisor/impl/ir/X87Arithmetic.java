// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.X87;

/// Arithmetic on numbers of 80 bits: the four operations, square roots, remainders and scaling.
///
/// What is invalid is found first, then NaNs, then denormal operands and division by zero; a result
/// is computed in any case, and is the one that masked exceptions leave. Whoever calls it discards
/// that if it should not have come to it.
///
/// @sdm 1, "Operating on SNaNs and QNaNs"
final class X87Arithmetic {

    private static final int STEP = Long.SIZE - 1;

    private final X87Result result;

    /// The quotient of a partial remainder, its last bits.
    private long quotient;

    X87Arithmetic(final X87Result result) {
        this.result = result;
    }

    /// The last three bits of the quotient that a remainder has left; -1 if there is none.
    int quotient() {
        return (int) quotient;
    }

    /// Settles operands that are NaNs or unsupported, and notes those that are denormal.
    ///
    /// @return whether there is a result already
    boolean special(final X87Number a, final X87Number b) {
        if (a.kind == X87Number.Kind.UNSUPPORTED || b.kind == X87Number.Kind.UNSUPPORTED) {
            result.invalid();
            return true;
        }
        if (a.isNaN() || b.isNaN()) {
            if (a.isInvalid() || b.isInvalid()) {
                result.raised |= X87.IE;
            }
            result.quiet(greater(a, b));
            return true;
        }
        noteDenormal(a, b);
        return false;
    }

    /// The same for one operand.
    boolean special(final X87Number a) {
        return special(a, a);
    }

    void noteDenormal(final X87Number a, final X87Number b) {
        if (a.denormal || b.denormal) {
            result.raised |= X87.DE;
        }
    }

    /// Which of two NaNs is kept: a quiet one rather than a signalling one; of two of a kind that
    /// with the greater significand, and of equal ones the positive.
    private static X87Number greater(final X87Number a, final X87Number b) {
        if (!b.isNaN()) {
            return a;
        }
        if (!a.isNaN()) {
            return b;
        }
        if (a.kind != b.kind) {
            return a.kind == X87Number.Kind.QUIET ? a : b;
        }
        final int order = Long.compareUnsigned(a.significand, b.significand);
        return order > 0 || (order == 0 && !a.negative) ? a : b;
    }

    /// `a + b`, or `a - b`.
    void add(final X87Number a, final X87Number b, final boolean minus, final long control) {
        if (special(a, b)) {
            return;
        }
        final boolean sign = b.negative != minus;
        if (a.isInfinite() || b.isInfinite()) {
            if (a.isInfinite() && b.isInfinite() && a.negative != sign) {
                result.raised &= ~X87.DE;
                result.invalid();
            } else {
                result.infinity(a.isInfinite() ? a.negative : sign);
            }
        } else if (a.isZero() && b.isZero()) {
            result.zero(a.negative == sign ? a.negative : X87.rounding(control) == 1);
        } else if (a.isZero()) {
            result.round(sign, b.exponent, b.significand, 0, control);
        } else if (b.isZero()) {
            result.round(a.negative, a.exponent, a.significand, 0, control);
        } else {
            addFinite(a, b, sign, control);
        }
    }

    private void addFinite(
            final X87Number a, final X87Number b, final boolean signOfB, final long control) {
        final boolean first =
                a.exponent != b.exponent
                        ? a.exponent > b.exponent
                        : Long.compareUnsigned(a.significand, b.significand) >= 0;
        final X87Number big = first ? a : b;
        final X87Number small = first ? b : a;
        final boolean sign = first ? a.negative : signOfB;
        final int shift = big.exponent - small.exponent;
        final long high = X87Wide.shiftedHigh(small.significand, shift);
        final long low = X87Wide.shiftedLow(small.significand, 0, shift);
        if (a.negative == signOfB) {
            final long sum = big.significand + high;
            if (Long.compareUnsigned(sum, high) < 0) {
                final long lowest = sum << STEP | low >>> 1 | (low & 1);
                result.round(
                        sign, big.exponent + 1, sum >>> 1 | X87Number.INTEGER, lowest, control);
            } else {
                result.round(sign, big.exponent, sum, low, control);
            }
            return;
        }
        final long difference = big.significand - high - (low == 0 ? 0 : 1);
        normalised(sign, big.exponent, difference, -low, control);
    }

    /// Rounds what may have zeros at its front.
    private void normalised(
            final boolean sign,
            final int exponent,
            final long high,
            final long low,
            final long control) {
        if ((high | low) == 0) {
            result.zero(X87.rounding(control) == 1);
            return;
        }
        final int zeros =
                high != 0
                        ? Long.numberOfLeadingZeros(high)
                        : Long.SIZE + Long.numberOfLeadingZeros(low);
        if (zeros == 0) {
            result.round(sign, exponent, high, low, control);
        } else if (zeros < Long.SIZE) {
            result.round(
                    sign, exponent - zeros, high << zeros | low >>> -zeros, low << zeros, control);
        } else {
            result.round(sign, exponent - zeros, low << zeros, 0, control);
        }
    }

    void multiply(final X87Number a, final X87Number b, final long control) {
        if (special(a, b)) {
            return;
        }
        final boolean sign = a.negative != b.negative;
        if (a.isInfinite() || b.isInfinite()) {
            if (a.isZero() || b.isZero()) {
                result.raised &= ~X87.DE;
                result.invalid();
            } else {
                result.infinity(sign);
            }
        } else if (a.isZero() || b.isZero()) {
            result.zero(sign);
        } else {
            final long high = Math.unsignedMultiplyHigh(a.significand, b.significand);
            final long low = a.significand * b.significand;
            final int exponent = a.exponent + b.exponent;
            if (high < 0) {
                result.round(sign, exponent + 1, high, low, control);
            } else {
                result.round(sign, exponent, high << 1 | low >>> STEP, low << 1, control);
            }
        }
    }

    void divide(final X87Number a, final X87Number b, final long control) {
        if (special(a, b)) {
            return;
        }
        final boolean sign = a.negative != b.negative;
        if (a.isInfinite() || b.isZero()) {
            if (a.kind == b.kind) {
                result.raised &= ~X87.DE;
                result.invalid();
            } else {
                if (!a.isInfinite()) {
                    result.raised = X87.ZE;
                }
                result.infinity(sign);
            }
        } else if (a.isZero() || b.isInfinite()) {
            result.zero(sign);
        } else {
            divideFinite(a, b, sign, control);
        }
    }

    private void divideFinite(
            final X87Number a, final X87Number b, final boolean sign, final long control) {
        final boolean less = Long.compareUnsigned(a.significand, b.significand) < 0;
        // Bits before the point are left out of the remainder: it is less than the divisor then.
        final long first = less ? a.significand : a.significand - b.significand;
        final long rest = remainderOf(first, b.significand, less ? Long.SIZE : STEP);
        final long high = less ? quotient : quotient | X87Number.INTEGER;
        final boolean half = rest < 0 || Long.compareUnsigned(rest << 1, b.significand) >= 0;
        final long beyond = rest << 1 == b.significand && rest >= 0 ? 0 : X87Wide.bit(rest != 0);
        final long low = (half ? X87Number.INTEGER : 0) | beyond;
        result.round(sign, a.exponent - b.exponent - (less ? 1 : 0), high, low, control);
    }

    /// Divides `a`, which is less than `b`, with so many zeros behind it; the quotient's last 64
    /// bits into [#quotient].
    ///
    /// @return the remainder
    private long remainderOf(final long a, final long b, final int zeros) {
        long rest = a;
        long bits = 0;
        for (int i = 0; i < zeros; i++) {
            final boolean carry = rest < 0;
            rest <<= 1;
            bits <<= 1;
            if (carry || Long.compareUnsigned(rest, b) >= 0) {
                rest -= b;
                bits |= 1;
            }
        }
        quotient = bits;
        return rest;
    }

    void squareRoot(final X87Number a, final long control) {
        if (special(a)) {
            return;
        }
        if (a.isZero()) {
            result.zero(a.negative);
        } else if (a.negative) {
            result.raised &= ~X87.DE;
            result.invalid();
        } else if (a.isInfinite()) {
            result.infinity(false);
        } else {
            rootOfFinite(a, control);
        }
    }

    /// Bit by bit, two of the operand for each of the root.
    private void rootOfFinite(final X87Number a, final long control) {
        final boolean odd = (a.exponent & 1) != 0;
        // What the root is of, as 128 bits with 2 of them before the point.
        long high = odd ? a.significand : a.significand >>> 1;
        long low = odd ? 0 : a.significand << STEP;
        long restHigh = 0;
        long rest = 0;
        long root = 0;
        for (int i = 0; i < Long.SIZE; i++) {
            restHigh = restHigh << 2 | rest >>> 62;
            rest = rest << 2 | high >>> 62;
            high = high << 2 | low >>> 62;
            low <<= 2;
            final long trialHigh = root >>> 62;
            final long trial = root << 2 | 1;
            root <<= 1;
            if (restHigh > trialHigh
                    || (restHigh == trialHigh && Long.compareUnsigned(rest, trial) >= 0)) {
                restHigh -= trialHigh + X87Wide.bit(Long.compareUnsigned(rest, trial) < 0);
                rest -= trial;
                root |= 1;
            }
        }
        // The next bit is 1 if the remainder is greater than the root; it is never half way.
        final boolean half = restHigh != 0 || Long.compareUnsigned(rest, root) > 0;
        final long beyond = X87Wide.bit((restHigh | rest) != 0);
        result.round(
                false, a.exponent >> 1, root, (half ? X87Number.INTEGER : 0) | beyond, control);
    }

    /// A step of the remainder of `a` by `b`.
    ///
    /// @param nearest whether the quotient is rounded to nearest, not towards zero
    /// @return whether it is the last step
    boolean remainder(
            final X87Number a, final X87Number b, final boolean nearest, final long control) {
        quotient = -1;
        if (special(a, b)) {
            return true;
        }
        if (a.isInfinite() || b.isZero()) {
            result.raised &= ~X87.DE;
            result.invalid();
            return true;
        }
        quotient = 0;
        if (a.isZero()) {
            result.zero(a.negative);
            return true;
        }
        final int distance = a.exponent - b.exponent;
        if (b.isInfinite() || distance < (nearest ? -1 : 0)) {
            result.round(a.negative, a.exponent, a.significand, 0, control, Long.SIZE);
            return true;
        }
        if (distance < Long.SIZE) {
            last(a, b, distance, nearest, control);
            return true;
        }
        // So many bits of the quotient at once.
        final int steps = 32 + (distance & 31);
        final long rest = reduced(a.significand, b.significand, steps);
        quotient = 0;
        exactly(a.negative, a.exponent - steps, rest, control);
        return false;
    }

    /// `a` by `b`, with so many zeros behind `a`; the quotient's last 64 bits into [#quotient].
    private long reduced(final long a, final long b, final int zeros) {
        final boolean less = Long.compareUnsigned(a, b) < 0;
        final long rest = remainderOf(less ? a : a - b, b, zeros);
        if (!less && zeros < Long.SIZE) {
            quotient |= 1L << zeros;
        }
        return rest;
    }

    private void last(
            final X87Number a,
            final X87Number b,
            final int distance,
            final boolean nearest,
            final long control) {
        long rest;
        int exponent = b.exponent;
        if (distance < 0) {
            // Only the one bit below the point is of interest: a is less than b.
            rest = a.significand;
            exponent = a.exponent;
            quotient = 0;
            if (nearest && Long.compareUnsigned(rest, b.significand) > 0) {
                // a > b / 2: a - b = -(2b - a), in units of a.
                quotient = 1;
                exactly(!a.negative, exponent, (b.significand << 1) - rest, control);
                return;
            }
            exactly(a.negative, exponent, rest, control);
            return;
        }
        rest = reduced(a.significand, b.significand, distance);
        quotient &= 7;
        final int order = rest < 0 ? 1 : Long.compareUnsigned(rest << 1, b.significand);
        if (nearest && (order > 0 || (order == 0 && (quotient & 1) != 0))) {
            quotient = quotient + 1 & 7;
            exactly(!a.negative, exponent, b.significand - rest, control);
            return;
        }
        exactly(a.negative, exponent, rest, control);
    }

    /// `bits * 2^(exponent - 63)`.
    private void exactly(
            final boolean negative, final int exponent, final long bits, final long control) {
        if (bits == 0) {
            result.zero(negative);
            return;
        }
        final int zeros = Long.numberOfLeadingZeros(bits);
        result.round(negative, exponent - zeros, bits << zeros, 0, control, Long.SIZE);
    }

    /// `a * 2^b`, with `b` cut off to an integer.
    void scale(final X87Number a, final X87Number b, final long control) {
        if (special(a, b)) {
            return;
        }
        if (b.isInfinite()) {
            if (b.negative ? a.isInfinite() : a.isZero()) {
                result.raised &= ~X87.DE;
                result.invalid();
            } else if (b.negative) {
                result.zero(a.negative);
            } else {
                result.infinity(a.negative);
            }
            return;
        }
        if (!a.isFinite()) {
            result.exact(a);
            return;
        }
        int by = 0;
        if (b.isFinite() && b.exponent >= 0) {
            by = b.exponent > 16 ? 1 << 17 : (int) (b.significand >>> (STEP - b.exponent));
            by = b.negative ? -by : by;
        }
        result.round(a.negative, a.exponent + by, a.significand, 0, control, Long.SIZE);
    }

    /// To an integer, as the control word says.
    void roundToInteger(final X87Number a, final long control) {
        if (special(a)) {
            return;
        }
        if (!a.isFinite() || a.exponent >= STEP) {
            result.exact(a);
            return;
        }
        result.roundToInteger(a, X87.rounding(control));
        final long magnitude = result.significand;
        if (magnitude == 0) {
            result.zero(a.negative);
            return;
        }
        final int zeros = Long.numberOfLeadingZeros(magnitude);
        final long head = (a.negative ? X87Number.SIGN : 0) | (X87Number.BIAS + STEP - zeros);
        result.set(head, magnitude << zeros);
    }
}
