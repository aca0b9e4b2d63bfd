// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// The string comparisons of SSE4.2. Strings are up to 16 bytes or 8 words long.
///
/// @sdm 1, "PCMPESTRI/PCMPESTRM/PCMPISTRI/PCMPISTRM"
public final class Strings {

    /// In the immediate of [SimdOps#STRINGS]: a string ends before its first zero.
    static final int IMPLICIT = 1 << 8;

    private static final int WORDS = 1;
    private static final int SIGNED = 2;
    private static final int NEGATIVE = 1 << 4;
    private static final int MASKED = 1 << 5;

    /// The last one, or lanes.
    private static final int OTHER_OUTPUT = 1 << 6;

    private Strings() {}

    private static int lanes(final int how) {
        return (how & WORDS) == 0 ? 16 : 8;
    }

    private static int lane(final long low, final long high, final int number, final int how) {
        final int bits = (how & WORDS) == 0 ? 8 : 16;
        final int at = number * bits;
        final long lane = at < Long.SIZE ? low >>> at : high >>> (at - Long.SIZE);
        if ((how & SIGNED) != 0) {
            return bits == 8 ? (byte) lane : (short) lane;
        }
        return (int) lane & (1 << bits) - 1;
    }

    /// How many lanes belong to the string.
    private static int length(final long low, final long high, final long given, final int how) {
        final int most = lanes(how);
        if ((how & IMPLICIT) == 0) {
            return given == Long.MIN_VALUE ? most : (int) Math.min(most, Math.abs(given));
        }
        int length = 0;
        while (length < most && lane(low, high, length, how) != 0) {
            length++;
        }
        return length;
    }

    /// What the comparison gives, a bit for each lane of `b`.
    ///
    /// @param aLength how many lanes, negative or not, if the immediate does not say otherwise
    /// @param how the immediate
    public static long result(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final long aLength,
            final long bLength,
            final int how) {
        final int lanes = lanes(how);
        final int aCount = length(aLow, aHigh, aLength, how);
        final int bCount = length(bLow, bHigh, bLength, how);
        int result = 0;
        for (int j = 0; j < lanes; j++) {
            final boolean set =
                    switch (how >> 2 & 3) {
                        case 0 -> j < bCount && any(aLow, aHigh, bLow, bHigh, aCount, j, how);
                        case 1 -> j < bCount && inRange(aLow, aHigh, bLow, bHigh, aCount, j, how);
                        case 2 ->
                                (j < aCount && j < bCount)
                                        ? lane(aLow, aHigh, j, how) == lane(bLow, bHigh, j, how)
                                        : j >= aCount && j >= bCount;
                        default -> begins(aLow, aHigh, bLow, bHigh, aCount, bCount, j, how);
                    };
            result |= set ? 1 << j : 0;
        }
        if ((how & NEGATIVE) != 0) {
            result ^= (how & MASKED) != 0 ? (1 << bCount) - 1 : (1 << lanes) - 1;
        }
        return result;
    }

    private static boolean any(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final int aCount,
            final int j,
            final int how) {
        final int wanted = lane(bLow, bHigh, j, how);
        for (int i = 0; i < aCount; i++) {
            if (lane(aLow, aHigh, i, how) == wanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean inRange(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final int aCount,
            final int j,
            final int how) {
        final int wanted = lane(bLow, bHigh, j, how);
        for (int i = 0; i + 1 < aCount; i += 2) {
            if (lane(aLow, aHigh, i, how) <= wanted && wanted <= lane(aLow, aHigh, i + 1, how)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the first string begins at lane `j` of the second; the register's end ends both.
    private static boolean begins(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final int aCount,
            final int bCount,
            final int j,
            final int how) {
        for (int i = 0; i < aCount && i + j < lanes(how); i++) {
            if (i + j >= bCount || lane(aLow, aHigh, i, how) != lane(bLow, bHigh, i + j, how)) {
                return false;
            }
        }
        return true;
    }

    /// The status flags.
    public static long flags(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final long aLength,
            final long bLength,
            final int how,
            final long result) {
        final int lanes = lanes(how);
        return (result != 0 ? Rflags.CF : 0)
                | (length(bLow, bHigh, bLength, how) < lanes ? Rflags.ZF : 0)
                | (length(aLow, aHigh, aLength, how) < lanes ? Rflags.SF : 0)
                | ((result & 1) != 0 ? Rflags.OF : 0);
    }

    static long index(final long result, final int how) {
        if (result == 0) {
            return lanes(how);
        }
        return (how & OTHER_OUTPUT) == 0
                ? Long.numberOfTrailingZeros(result)
                : 63 - Long.numberOfLeadingZeros(result);
    }

    /// One half of the register that takes the result.
    static long mask(final long result, final int how, final int half) {
        if ((how & OTHER_OUTPUT) == 0) {
            return half == 0 ? result : 0;
        }
        final int bits = (how & WORDS) == 0 ? 8 : 16;
        final int first = half * Long.SIZE / bits;
        long mask = 0;
        for (int at = 0; at < Long.SIZE; at += bits) {
            if ((result >>> (first + at / bits) & 1) != 0) {
                mask |= ((1L << bits) - 1) << at;
            }
        }
        return mask;
    }
}
