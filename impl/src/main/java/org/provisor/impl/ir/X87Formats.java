// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.X87;

/// Numbers as they are in memory: singles, doubles, 80 bits, integers, packed decimals.
///
/// @sdm 1, "x87 FPU Data Types"
final class X87Formats {

    /// Not in memory but in a register.
    static final int REGISTER = 0;

    static final int SINGLE = 1;
    static final int DOUBLE = 2;
    static final int EXTENDED = 3;
    static final int WORD = 4;
    static final int DWORD = 5;
    static final int QWORD = 6;

    /// 18 decimal digits and a sign.
    static final int DECIMAL = 7;

    private static final long DECIMAL_END = 1_000_000_000_000_000_000L;
    private static final int DIGITS = 18;
    private static final long DECIMAL_INDEFINITE = 3L << 62;

    /// Those in the low 8 bytes.
    private static final int LOW_DIGITS = 16;

    private final X87Result result;

    private long low;
    private long high;

    X87Formats(final X87Result result) {
        this.result = result;
    }

    /// The format that the table calls so.
    static int named(final String name) {
        return switch (name) {
            case "register" -> REGISTER;
            case "single" -> SINGLE;
            case "double" -> DOUBLE;
            case "extended" -> EXTENDED;
            case "word" -> WORD;
            case "dword" -> DWORD;
            case "qword" -> QWORD;
            case "decimal" -> DECIMAL;
            default -> throw new IllegalArgumentException("no format is called " + name);
        };
    }

    /// The logarithm of a format's bytes; of those of 10 bytes 3, and 2 bytes more follow.
    static int size(final int format) {
        return switch (format) {
            case SINGLE, DWORD -> 2;
            case WORD -> 1;
            default -> 3;
        };
    }

    static boolean isLong(final int format) {
        return format == EXTENDED || format == DECIMAL;
    }

    /// The first 8 bytes of what was written last.
    long low() {
        return low;
    }

    /// The 2 bytes behind them.
    long high() {
        return high;
    }

    /// Takes a number from memory.
    ///
    /// @param first its first 8 bytes
    /// @param second the 2 bytes behind them
    static void read(final int format, final long first, final long second, final X87Number into) {
        switch (format) {
            case SINGLE -> into.ofSingle((int) first);
            case DOUBLE -> into.ofDouble(first);
            case WORD -> into.ofInteger((short) first);
            case DWORD -> into.ofInteger(first << 32 >> 32);
            case QWORD -> into.ofInteger(first);
            case DECIMAL -> into.ofMagnitude((second & 0x8000) != 0, decimal(first, second));
            default -> into.ofExtended(first, second);
        }
    }

    /// Digits that are none count as what they are.
    private static long decimal(final long first, final long second) {
        long magnitude = (second >>> 4 & 15) * 10 + (second & 15);
        for (int i = LOW_DIGITS - 1; i >= 0; i--) {
            magnitude = magnitude * 10 + (first >>> (4 * i) & 15);
        }
        return magnitude;
    }

    /// Makes a number ready for memory.
    ///
    /// @param bits its significand as it is in the register
    /// @param head its sign and exponent
    /// @param control how to round integers too
    void write(
            final int format,
            final X87Number number,
            final long bits,
            final long head,
            final long control) {
        high = 0;
        switch (format) {
            case SINGLE -> binary(number, control, 24, 127);
            case DOUBLE -> binary(number, control, 53, 1023);
            case WORD -> integer(number, control, Short.SIZE);
            case DWORD -> integer(number, control, Integer.SIZE);
            case QWORD -> integer(number, control, Long.SIZE);
            case DECIMAL -> decimal(number, control);
            default -> {
                low = bits;
                high = head;
            }
        }
    }

    /// What a store leaves that is invalid, and masked.
    void writeIndefinite(final int format) {
        high = 0;
        switch (format) {
            case SINGLE -> low = 0xffc0_0000L;
            case DOUBLE -> low = 0xfff8L << 48;
            case WORD -> low = 0x8000;
            case DWORD -> low = 0x8000_0000L;
            case QWORD -> low = Long.MIN_VALUE;
            default -> {
                low = DECIMAL_INDEFINITE;
                high = 0xffff;
            }
        }
    }

    private void binary(
            final X87Number number, final long control, final int precision, final int most) {
        final int fractionBits = precision - 1;
        final int bits = precision == 24 ? Integer.SIZE : Long.SIZE;
        final long all = ((long) most << 1 | 1) << fractionBits;
        long magnitude;
        switch (number.kind) {
            case ZERO -> magnitude = 0;
            case INFINITE -> magnitude = all;
            case QUIET, SIGNALLING -> {
                if (number.isInvalid()) {
                    result.raised |= X87.IE;
                }
                final long fraction = (number.significand | X87Number.QUIET_BIT) << 1;
                magnitude = all | fraction >>> (Long.SIZE - fractionBits);
            }
            case FINITE -> {
                final int exponent =
                        result.round(
                                number.negative,
                                number.exponent,
                                number.significand,
                                0,
                                control,
                                precision,
                                1 - most,
                                most);
                final long field = result.significand >= 0 ? 0 : exponent + most;
                final long fraction = result.significand << 1 >>> (Long.SIZE - fractionBits);
                magnitude = field << fractionBits | fraction;
            }
            default -> {
                result.raised |= X87.IE;
                writeIndefinite(precision == 24 ? SINGLE : DOUBLE);
                return;
            }
        }
        low = magnitude | (number.negative ? 1L << (bits - 1) : 0);
    }

    private void integer(final X87Number number, final long control, final int bits) {
        final boolean fits =
                number.isZero()
                        || (number.isFinite()
                                && result.roundToInteger(number, X87.rounding(control)));
        final long magnitude = number.isZero() ? 0 : result.significand;
        final long most = (1L << (bits - 1)) - (number.negative ? 0 : 1);
        if (!fits || Long.compareUnsigned(magnitude, most) > 0) {
            invalid(X87Formats.WORD + (bits >> 5));
            return;
        }
        low = number.negative ? -magnitude : magnitude;
    }

    private void invalid(final int format) {
        result.raised = X87.IE;
        result.up = false;
        writeIndefinite(format);
    }

    private void decimal(final X87Number number, final long control) {
        final boolean fits =
                number.isZero()
                        || (number.isFinite()
                                && result.roundToInteger(number, X87.rounding(control)));
        long magnitude = number.isZero() ? 0 : result.significand;
        if (!fits || Long.compareUnsigned(magnitude, DECIMAL_END) >= 0) {
            invalid(DECIMAL);
            return;
        }
        low = 0;
        for (int i = 0; i < DIGITS; i++) {
            final long digit = magnitude % 10;
            magnitude /= 10;
            if (i < LOW_DIGITS) {
                low |= digit << (4 * i);
            } else {
                high |= digit << (4 * (i - LOW_DIGITS));
            }
        }
        high |= number.negative ? 0x8000 : 0;
    }
}
