// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.X87;

/// What an instruction of the x87 FPU comes to: a number, as a register holds it, and exceptions.
/// Used again for the next one.
///
/// [#round] is the one place where results are rounded, for registers and for memory alike.
///
/// @sdm 1, "x87 FPU Floating-Point Exception Handling"
final class X87Result {

    /// What an exponent is moved by if overflow or underflow is not masked.
    private static final int WRAP = 3 << 13;

    private static final long INDEFINITE = X87Number.INTEGER | X87Number.QUIET_BIT;

    /// Sign and exponent.
    long head;

    long significand;

    /// Exceptions met so far, and [X87#STACK_FAULT].
    int raised;

    /// Whether it is greater than the exact result in magnitude: C1.
    boolean up;

    private boolean inexact;
    private boolean carried;

    void clear() {
        raised = 0;
        up = false;
    }

    void set(final long newHead, final long newSignificand) {
        head = newHead;
        significand = newSignificand;
    }

    void zero(final boolean negative) {
        set(negative ? X87Number.SIGN : 0, 0);
    }

    void infinity(final boolean negative) {
        set(sign(negative) | X87Number.MOST_FIELD, X87Number.INTEGER);
    }

    void indefinite() {
        set(X87Number.SIGN | X87Number.MOST_FIELD, INDEFINITE);
    }

    /// Invalid operation.
    void invalid() {
        raised |= X87.IE;
        indefinite();
    }

    private static int sign(final boolean negative) {
        return negative ? X87Number.SIGN : 0;
    }

    /// A NaN, which becomes quiet.
    void quiet(final X87Number nan) {
        set(sign(nan.negative) | X87Number.MOST_FIELD, nan.significand | X87Number.QUIET_BIT);
    }

    /// A number as it is.
    void exact(final X87Number number) {
        switch (number.kind) {
            case ZERO -> zero(number.negative);
            case INFINITE -> infinity(number.negative);
            case FINITE -> {
                if (number.exponent >= X87Number.LEAST) {
                    set(
                            sign(number.negative) | (number.exponent + X87Number.BIAS),
                            number.significand);
                } else {
                    final int shift = X87Number.LEAST - number.exponent;
                    set(sign(number.negative), number.significand >>> shift);
                }
            }
            default -> quiet(number);
        }
    }

    /// A finite result for a register, rounded as the control word says.
    ///
    /// @param high the highest 64 bits of the significand, of which the first is set
    /// @param low the next 64; the last stands for all below
    void round(
            final boolean negative,
            final int exponent,
            final long high,
            final long low,
            final long control) {
        round(negative, exponent, high, low, control, X87.precision(control));
    }

    /// The same with a precision of its own.
    void round(
            final boolean negative,
            final int exponent,
            final long high,
            final long low,
            final long control,
            final int precision) {
        final int power =
                round(
                        negative,
                        exponent,
                        high,
                        low,
                        control,
                        precision,
                        X87Number.LEAST,
                        X87Number.BIAS);
        if (power > X87Number.BIAS) {
            set(sign(negative) | X87Number.MOST_FIELD, significand);
        } else {
            final boolean tiny = significand >= 0;
            set(sign(negative) | (tiny ? 0 : power + X87Number.BIAS), significand);
        }
    }

    /// A finite result in a format with exponents from `least` to `most`; into [#significand].
    ///
    /// @param precision how many bits the format has
    /// @return the exponent, `most + 1` for an infinity; if the result is denormal, or 0, the
    ///   highest bit of the significand is 0
    int round(
            final boolean negative,
            final int exponent,
            final long high,
            final long low,
            final long control,
            final int precision,
            final int least,
            final int most) {
        final int drop = Long.SIZE - precision;
        final int rounding = X87.rounding(control);
        roundAt(negative, high, low, drop, rounding);
        int power = carried ? exponent + 1 : exponent;
        if (power > most) {
            raised |= X87.OE;
            if (X87.unmasked(control, X87.OE) == 0) {
                return overflow(negative, drop, rounding, most);
            }
            power -= WRAP;
            if (power > most) {
                significand = X87Number.INTEGER;
                power = most + 1;
                up = true;
                inexact = true;
            }
        } else if (power < least) {
            if (X87.unmasked(control, X87.UE) == 0) {
                return underflow(negative, least - exponent, high, low, drop, rounding, least);
            }
            raised |= X87.UE;
            power += WRAP;
            if (power < least) {
                significand = 0;
                power = least;
                up = false;
                inexact = true;
            }
        }
        raised |= inexact ? X87.PE : 0;
        return power;
    }

    /// Infinity, or the greatest number, as the rounding mode says.
    private int overflow(
            final boolean negative, final int drop, final int rounding, final int most) {
        raised |= X87.PE;
        up = rounding == 0 || rounding == (negative ? 1 : 2);
        significand = up ? X87Number.INTEGER : -1L << drop;
        return up ? most + 1 : most;
    }

    private int underflow(
            final boolean negative,
            final int shift,
            final long high,
            final long low,
            final int drop,
            final int rounding,
            final int least) {
        roundAt(
                negative,
                X87Wide.shiftedHigh(high, shift),
                X87Wide.shiftedLow(high, low, shift),
                drop,
                rounding);
        raised |= inexact ? X87.UE | X87.PE : 0;
        return least;
    }

    /// Rounds a significand, without its last `drop` bits, to [#significand].
    private void roundAt(
            final boolean negative,
            final long high,
            final long low,
            final int drop,
            final int rounding) {
        final long rest = drop == 0 ? low : high << (Long.SIZE - drop) | (low != 0 ? 1 : 0);
        final long kept = drop == 0 ? high : high >>> drop << drop;
        inexact = rest != 0;
        up =
                inexact
                        && switch (rounding) {
                            case 0 ->
                                    rest < 0
                                            && (rest != Long.MIN_VALUE || (kept >>> drop & 1) != 0);
                            case 1 -> negative;
                            case 2 -> !negative;
                            default -> false;
                        };
        significand = up ? kept + (1L << drop) : kept;
        carried = up && kept < 0 && significand >= 0;
        if (carried) {
            significand = X87Number.INTEGER;
        }
    }

    /// The magnitude of a finite number as an integer, rounded, into [#significand].
    ///
    /// @param rounding as in the control word
    /// @return whether it fits into 64 bits
    boolean roundToInteger(final X87Number number, final int rounding) {
        if (number.exponent >= Long.SIZE) {
            return false;
        }
        final int shift = Long.SIZE - 1 - number.exponent;
        roundAt(
                number.negative,
                X87Wide.shiftedHigh(number.significand, shift),
                X87Wide.shiftedLow(number.significand, 0, shift),
                0,
                rounding);
        raised |= inexact ? X87.PE : 0;
        return !carried;
    }
}
