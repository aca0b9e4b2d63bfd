// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.X87;

/// Constants and transcendental functions.
///
/// Series on [X87Real], which leaves some 100 bits of the result right: it is the nearest number of
/// 80 bits but for one in billions. What processors answer is within a unit of the last place of
/// that, and not the same from one to the next. Special operands are as the manual's tables say.
///
/// Angles are taken modulo half of a pi of 66 bits, as processors do.
///
/// @sdm 1, "Approximation of Pi"
final class X87Functions {

    /// By the number in the opcode: 1, the logarithm to base 2 of 10, that of e, pi, the logarithm
    /// to base 10 of 2, the natural one; 0 is the last.
    private static final int[] EXPONENTS = {0, 1, 0, 1, -2, -1};

    private static final long[] HIGH = {
        1L << 63,
        0xd49a784bcd1b8afeL,
        0xb8aa3b295c17f0bbL,
        0xc90fdaa22168c234L,
        0x9a209a84fbcff798L,
        0xb17217f7d1cf79abL
    };
    private static final long[] LOW = {
        0,
        0x492bf6ff4dafdb4cL,
        0xbe87fed0691d3e88L,
        0xc4c6628b80dc1cd1L,
        0x8f8959ac0b7c9178L,
        0xc9e3b39803f2f6afL
    };
    private static final int PI = 3;
    private static final int LN_2 = 5;

    /// Arctangents of 1/4 to 4/4.
    private static final int[] ATAN_EXPONENTS = {-3, -2, -1, -1};

    private static final long[] ATAN_HIGH = {
        0xfadbafc96406eb15L, 0xed63382b0dda7b45L, 0xa4bc7d1934f70924L, 0xc90fdaa22168c234L
    };
    private static final long[] ATAN_LOW = {
        0x6dc79ef5f7a217e5L, 0x6fe445ecbc3a8d03L, 0x19a87f2a457dac9eL, 0xc4c6628b80dc1cd1L
    };

    /// Half of pi in units of 2^-67: the 68 bits of a pi of 66, `0xc` and this.
    private static final long HALF_PI = 0x90fdaa22168c234cL;

    private static final long HALF_PI_HIGH = 0xc;
    private static final int HALF_PI_SHIFT = 67;

    /// Enough of each series.
    private static final int EXPONENTIAL_TERMS = 30;

    private static final int LOGARITHM_TERMS = 24;
    private static final int ANGLE_TERMS = 14;
    private static final int ARCTANGENT_TERMS = 20;

    private final X87Result result;
    private final X87Arithmetic arithmetic;

    private final X87Real x = new X87Real();
    private final X87Real y = new X87Real();
    private final X87Real square = new X87Real();
    private final X87Real term = new X87Real();
    private final X87Real sine = new X87Real();
    private final X87Real cosine = new X87Real();
    private final X87Real one = new X87Real();
    private final X87Real unit = new X87Real();

    private int quadrant;
    private long secondHead;
    private long secondSignificand;

    X87Functions(final X87Result result, final X87Arithmetic arithmetic) {
        this.result = result;
        this.arithmetic = arithmetic;
        unit.set(1);
    }

    /// A constant, rounded as the control word says, without exceptions.
    static void constant(final int number, final long control, final X87Result result) {
        if (number == EXPONENTS.length) {
            result.zero(false);
            return;
        }
        result.round(false, EXPONENTS[number], HIGH[number], LOW[number], control, Long.SIZE);
        result.clear();
    }

    /// What is pushed behind the first result: sign and exponent.
    long secondHead() {
        return secondHead;
    }

    long secondSignificand() {
        return secondSignificand;
    }

    private static void constant(final int number, final X87Real into) {
        into.set(false, EXPONENTS[number], HIGH[number], LOW[number]);
    }

    /// A result that counts as not exact, whether it is or not.
    private void rounded(final X87Real value, final long control) {
        result.round(value.negative, value.exponent, value.high, value.low | 1, control, Long.SIZE);
    }

    private void plusOrMinusOne(final boolean negative) {
        result.set((negative ? X87Number.SIGN : 0) | X87Number.BIAS, X87Number.INTEGER);
    }

    private void invalid() {
        result.raised &= ~X87.DE;
        result.invalid();
    }

    // 2^x - 1.

    void twoToMinusOne(final X87Number a, final long control) {
        if (arithmetic.special(a)) {
            return;
        }
        if (a.isZero()) {
            result.zero(a.negative);
        } else if (a.isInfinite()) {
            if (a.negative) {
                plusOrMinusOne(true);
            } else {
                result.infinity(false);
            }
        } else if (a.exponent >= 0) {
            // Only 1 and -1 are within what is defined.
            result.raised |= X87.PE;
            result.set(
                    a.negative ? X87Number.SIGN | (X87Number.BIAS - 1) : X87Number.BIAS,
                    X87Number.INTEGER);
        } else {
            x.set(a);
            constant(LN_2, y);
            x.multiply(y);
            // x (1 + x/2 (1 + x/3 (1 + ...)))
            y.set(1);
            for (int i = EXPONENTIAL_TERMS; i > 1; i--) {
                y.multiply(x);
                y.divide(i);
                y.add(unit);
            }
            y.multiply(x);
            rounded(y, control);
        }
    }

    // Logarithms.

    /// `b * log2(a)`.
    void logarithm(final X87Number a, final X87Number b, final long control) {
        if (arithmetic.special(a, b)) {
            return;
        }
        if ((a.negative && !a.isZero()) || isIndefinite(a, b)) {
            invalid();
            return;
        }
        final boolean below = a.isZero() || (a.isFinite() && a.exponent < 0);
        final boolean sign = b.negative != below;
        if (a.isZero() && b.isFinite()) {
            result.raised = X87.ZE;
            result.infinity(sign);
        } else if (a.isZero() || a.isInfinite() || b.isInfinite()) {
            result.infinity(sign);
        } else if (b.isZero() || isOne(a)) {
            result.zero(sign);
        } else {
            logarithmOfFinite(a);
            product(b, control);
        }
    }

    private static boolean isOne(final X87Number a) {
        return a.isFinite() && a.exponent == 0 && a.significand == X87Number.INTEGER;
    }

    /// 0 times infinity, in one of its disguises.
    private static boolean isIndefinite(final X87Number a, final X87Number b) {
        return b.isZero() ? a.isZero() || a.isInfinite() : b.isInfinite() && isOne(a);
    }

    private void product(final X87Number b, final long control) {
        y.set(b);
        y.multiply(x);
        rounded(y, control);
    }

    /// The logarithm to base 2 of a positive number into [#x].
    private void logarithmOfFinite(final X87Number a) {
        // 1 / sqrt(2) <= significand < sqrt(2)
        final boolean down = Long.compareUnsigned(a.significand, 0xb504f333f9de6484L) >= 0;
        final int exponent = down ? a.exponent + 1 : a.exponent;
        x.set(false, down ? -1 : 0, a.significand, 0);
        y.set(x);
        x.subtract(unit);
        y.add(unit);
        x.divide(y);
        logarithmOfQuotient();
        if (exponent != 0) {
            y.set(exponent);
            x.add(y);
        }
    }

    /// Of [#x], `t`: the logarithm to base 2 of `(1 + t) / (1 - t)`, into [#x].
    private void logarithmOfQuotient() {
        square.set(x);
        square.multiply(x);
        // 2t (1 + t^2/3 + t^4/5 + ...)
        y.set(0);
        for (int i = LOGARITHM_TERMS; i >= 0; i--) {
            y.multiply(square);
            term.set(1);
            term.divide(2 * i + 1);
            y.add(term);
        }
        x.multiply(y);
        x.exponent++;
        constant(LN_2, y);
        x.divide(y);
    }

    /// `b * log2(a + 1)`.
    void logarithmPlusOne(final X87Number a, final X87Number b, final long control) {
        if (arithmetic.special(a, b)) {
            return;
        }
        final boolean sign = a.negative != b.negative;
        final boolean tooSmall =
                a.negative && (a.isInfinite() || (a.isFinite() && a.exponent >= 0));
        if (tooSmall || (a.isZero() && b.isInfinite()) || (a.isInfinite() && b.isZero())) {
            invalid();
        } else if (a.isZero() || b.isZero()) {
            result.zero(sign);
        } else if (a.isInfinite() || b.isInfinite()) {
            result.infinity(sign);
        } else {
            x.set(a);
            y.set(2);
            y.add(x);
            x.divide(y);
            logarithmOfQuotient();
            product(b, control);
        }
    }

    // Angles.

    /// Whether an angle is so great that it stays as it is.
    static boolean isTooFar(final X87Number a) {
        return a.isFinite() && a.exponent >= Long.SIZE - 1;
    }

    /// `sin`, `cos`, or both, the first of which is pushed last; or `tan` and 1.
    void angle(final int op, final X87Number a, final long control) {
        secondHead = X87Number.BIAS;
        secondSignificand = X87Number.INTEGER;
        if (arithmetic.special(a)) {
            both();
            return;
        }
        if (a.isInfinite()) {
            invalid();
            both();
            return;
        }
        if (a.isZero()) {
            if (op == X87Ops.COS) {
                plusOrMinusOne(false);
            } else {
                result.zero(a.negative);
            }
            return;
        }
        reduce(a);
        sineAndCosine();
        final boolean swap = (quadrant & 1) != 0;
        final X87Real sineOfAll = swap ? cosine : sine;
        final X87Real cosineOfAll = swap ? sine : cosine;
        sineOfAll.negative ^= a.negative != ((quadrant & 2) != 0);
        cosineOfAll.negative ^= (quadrant + 1 & 2) != 0;
        switch (op) {
            case X87Ops.SIN -> rounded(sineOfAll, control);
            case X87Ops.COS -> rounded(cosineOfAll, control);
            case X87Ops.PTAN -> {
                sineOfAll.divide(cosineOfAll);
                rounded(sineOfAll, control);
            }
            default -> {
                rounded(cosineOfAll, control);
                both();
                rounded(sineOfAll, control);
            }
        }
    }

    /// The second result is what the first one is now.
    private void both() {
        secondHead = result.head;
        secondSignificand = result.significand;
    }

    /// Takes away the nearest multiple of half of pi, without sign: the rest into [#x], the
    /// multiple into [#quadrant].
    private void reduce(final X87Number a) {
        x.set(false, a.exponent, a.significand, 0);
        quadrant = 0;
        if (a.exponent < -1) {
            return;
        }
        long restHigh = 0;
        long rest = a.significand;
        final int shift = a.exponent + HALF_PI_SHIFT - (Long.SIZE - 1);
        for (int i = 0; i < shift; i++) {
            restHigh = restHigh << 1 | rest >>> 63;
            rest <<= 1;
            quadrant <<= 1;
            if (restHigh > HALF_PI_HIGH
                    || (restHigh == HALF_PI_HIGH && Long.compareUnsigned(rest, HALF_PI) >= 0)) {
                restHigh -= HALF_PI_HIGH + X87Wide.bit(Long.compareUnsigned(rest, HALF_PI) < 0);
                rest -= HALF_PI;
                quadrant |= 1;
            }
        }
        final long otherHigh =
                HALF_PI_HIGH - restHigh - X87Wide.bit(Long.compareUnsigned(HALF_PI, rest) < 0);
        final long other = HALF_PI - rest;
        final boolean nearer =
                otherHigh < restHigh
                        || (otherHigh == restHigh && Long.compareUnsigned(other, rest) < 0);
        final int exponent = 2 * Long.SIZE - 1 - HALF_PI_SHIFT;
        if (nearer) {
            quadrant++;
            x.set(true, exponent, otherHigh, other);
        } else {
            x.set(false, exponent, restHigh, rest);
        }
    }

    /// Of [#x], which is no more than a quarter of pi.
    private void sineAndCosine() {
        square.set(x);
        square.multiply(x);
        sine.set(1);
        cosine.set(1);
        for (int i = ANGLE_TERMS; i > 0; i--) {
            // s = 1 - x^2 / (2i (2i + 1)) s; c = 1 - x^2 / ((2i - 1) 2i) c
            step(sine, 2 * i * (2 * i + 1));
            step(cosine, (2 * i - 1) * 2 * i);
        }
        sine.multiply(x);
    }

    private void step(final X87Real sum, final int by) {
        sum.multiply(square);
        sum.divide(by);
        sum.negative = !sum.negative;
        sum.add(unit);
    }

    // The arctangent.

    /// The angle of the point `(a, b)`.
    void arctangent(final X87Number a, final X87Number b, final long control) {
        if (arithmetic.special(a, b)) {
            return;
        }
        if (b.isZero() || (a.isInfinite() && !b.isInfinite())) {
            if (a.negative) {
                partOfPi(1, 0, b.negative, control);
            } else {
                result.zero(b.negative);
            }
        } else if (b.isInfinite()) {
            if (a.isInfinite()) {
                partOfPi(a.negative ? 3 : 1, 2, b.negative, control);
            } else {
                partOfPi(1, 1, b.negative, control);
            }
        } else if (a.isZero()) {
            partOfPi(1, 1, b.negative, control);
        } else {
            arctangentOfFinite(a, b);
            x.negative = b.negative;
            rounded(x, control);
        }
    }

    /// `pi * times / 2^halvings`.
    private void partOfPi(
            final int times, final int halvings, final boolean negative, final long control) {
        constant(PI, x);
        y.set(times);
        x.multiply(y);
        x.exponent -= halvings;
        x.negative = negative;
        rounded(x, control);
    }

    private void arctangentOfFinite(final X87Number a, final X87Number b) {
        x.set(b);
        y.set(a);
        x.negative = false;
        y.negative = false;
        final boolean steep = x.compareMagnitude(y) > 0;
        if (steep) {
            one.set(x);
            x.set(y);
            y.set(one);
        }
        x.divide(y);
        arctangentOfQuotient();
        if (steep) {
            // pi/2 -+ x
            constant(PI, y);
            y.exponent--;
            x.negative = !a.negative;
            x.add(y);
        } else if (a.negative) {
            constant(PI, y);
            x.negative = true;
            x.add(y);
        }
    }

    /// Of [#x], which is 0 to 1.
    private void arctangentOfQuotient() {
        final int quarters = quarters();
        if (quarters > 0) {
            // atan x = atan c + atan((x - c) / (1 + c x))
            term.set(quarters);
            term.exponent -= 2;
            y.set(x);
            y.multiply(term);
            y.add(unit);
            x.subtract(term);
            x.divide(y);
        }
        square.set(x);
        square.multiply(x);
        y.set(0);
        for (int i = ARCTANGENT_TERMS; i >= 0; i--) {
            y.multiply(square);
            term.set(1);
            term.divide(2 * i + 1);
            term.negative = (i & 1) != 0;
            y.add(term);
        }
        x.multiply(y);
        if (quarters > 0) {
            final int number = quarters - 1;
            y.set(false, ATAN_EXPONENTS[number], ATAN_HIGH[number], ATAN_LOW[number]);
            x.add(y);
        }
    }

    /// The nearest number of quarters to [#x].
    private int quarters() {
        if (x.exponent < -3) {
            return 0;
        }
        final int eighths = (int) (x.high >>> (Long.SIZE - 4 - x.exponent));
        return (eighths + 1) >> 1;
    }
}
