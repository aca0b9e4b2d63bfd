// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// Integer operations on all 16 bytes of XMM registers, which are two halves each.
public final class Pairs {

    private Pairs() {}

    /// One half of what goes to `d`.
    ///
    /// @param op one of the pairs of [SimdOps]
    /// @param size the logarithm of a lane's bytes
    /// @param half 0 for the low one, 1 for the high one
    /// @param mask of [SimdOps#BLENDV]: that half of `c`
    public static long half(
            final int op,
            final int size,
            final int half,
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final long mask,
            final long immediate) {
        final long a = half == 0 ? aLow : aHigh;
        final long b = half == 0 ? bLow : bHigh;
        final int number = (int) immediate;
        return switch (op) {
            case SimdOps.SHUFPS ->
                    half == 0
                            ? doublewords(aLow, aHigh, number)
                            : doublewords(bLow, bHigh, number >> 4);
            case SimdOps.SHUFPD ->
                    half == 0 ? (number & 1) == 0 ? aLow : aHigh : (number & 2) == 0 ? bLow : bHigh;
            case SimdOps.PSHUFLW -> half == 0 ? words(bLow, number) : bHigh;
            case SimdOps.PSHUFHW -> half == 0 ? bLow : words(bHigh, number);
            case SimdOps.PSHUFB -> pshufb(aLow, aHigh, b);
            case SimdOps.PUNPCKL -> unpack(size, half, aLow, bLow);
            case SimdOps.PUNPCKH -> unpack(size, half, aHigh, bHigh);
            case SimdOps.PACKSS, SimdOps.PACKUS ->
                    half == 0 ? pack(op, size, aLow, aHigh) : pack(op, size, bLow, bHigh);
            case SimdOps.PSLLDQ ->
                    number > 15 ? 0 : bytes(0, 0, aLow, aHigh, 16 - number + 8 * half);
            case SimdOps.PSRLDQ -> bytes(aLow, aHigh, 0, 0, number + 8 * half);
            case SimdOps.PALIGNR -> bytes(bLow, bHigh, aLow, aHigh, number + 8 * half);
            case SimdOps.PHADD, SimdOps.PHSUB, SimdOps.PHADDS, SimdOps.PHSUBS ->
                    half == 0
                            ? neighbours(op, size, aLow, aHigh)
                            : neighbours(op, size, bLow, bHigh);
            case SimdOps.PMOVSX, SimdOps.PMOVZX -> extended(op, size, number, half, bLow);
            case SimdOps.BLEND -> blend(size, a, b, immediate >>> (half * (Long.BYTES >> size)));
            case SimdOps.BLENDV -> blend(size, a, b, signs(size, mask));
            case SimdOps.MPSADBW -> mpsadbw(aLow, aHigh, bLow, bHigh, number, half);
            case SimdOps.PHMINPOSUW -> half == 0 ? phminposuw(bLow, bHigh) : 0;
            case SimdOps.INSERTPS -> insertps(a, bLow, bHigh, number, half);
            case SimdOps.STRING_MASK -> Strings.mask(aLow, number, half);
            case SimdOps.PCLMULQDQ ->
                    Aes.product(
                            (number & 1) == 0 ? aLow : aHigh,
                            (number & 16) == 0 ? bLow : bHigh,
                            half);
            case SimdOps.AESENC -> Aes.round(aLow, aHigh, false, false, half) ^ b;
            case SimdOps.AESENCLAST -> Aes.round(aLow, aHigh, false, true, half) ^ b;
            case SimdOps.AESDEC -> Aes.round(aLow, aHigh, true, false, half) ^ b;
            case SimdOps.AESDECLAST -> Aes.round(aLow, aHigh, true, true, half) ^ b;
            case SimdOps.AESIMC -> Aes.unmixedHalf(b);
            case SimdOps.AESKEYGENASSIST -> Aes.keyHelp(b, number);
            default -> throw new IllegalArgumentException(SimdOps.name(op));
        };
    }

    /// The highest bit of each lane of 16 bytes.
    public static long movmsk(final int size, final long low, final long high) {
        return signs(size, low) | signs(size, high) << (Long.BYTES >> size);
    }

    /// The flags that `ptest` sets.
    ///
    /// @sdm 2, "PTEST—Logical Compare"
    public static long ptest(final long aLow, final long aHigh, final long bLow, final long bHigh) {
        final boolean zero = ((aLow & bLow) | (aHigh & bHigh)) == 0;
        final boolean covered = ((~aLow & bLow) | (~aHigh & bHigh)) == 0;
        return (zero ? Rflags.ZF : 0) | (covered ? Rflags.CF : 0);
    }

    private static long signs(final int size, final long a) {
        final int bits = Widths.bits(size);
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += bits) {
            result |= (a >>> (at + bits - 1) & 1) << (at / bits);
        }
        return result;
    }

    private static long doubleword(final long low, final long high, final int number) {
        return ((number & 2) == 0 ? low : high) >>> (32 * (number & 1)) & 0xffffffffL;
    }

    /// Two of four lanes of 4 bytes, by two bits of `order` each.
    public static long doublewords(final long low, final long high, final int order) {
        return doubleword(low, high, order) | doubleword(low, high, order >> 2) << 32;
    }

    /// Four lanes of 2 bytes, by two bits of `order` each.
    public static long words(final long from, final int order) {
        long result = 0;
        for (int i = 0; i < 4; i++) {
            result |= (from >>> (16 * (order >> (2 * i) & 3)) & 0xffff) << (16 * i);
        }
        return result;
    }

    /// Of 16 bytes those that the bytes of `order` name; 0 where they have their highest bit.
    public static long pshufb(final long low, final long high, final long order) {
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += 8) {
            final int number = (int) (order >>> at) & 0xff;
            if (number < 0x80) {
                final long from = (number & 8) == 0 ? low : high;
                result |= (from >>> (8 * (number & 7)) & 0xff) << at;
            }
        }
        return result;
    }

    /// Lanes of the lower or upper 4 bytes of `a` and `b` in turn.
    ///
    /// @param half 0 for the lower ones, 1 for the upper ones
    public static long unpack(final int size, final int half, final long a, final long b) {
        if (size == 3) {
            return half == 0 ? a : b;
        }
        final int shift = 32 * half;
        return apart(size, a >>> shift) | apart(size, b >>> shift) << Widths.bits(size);
    }

    /// The lanes of the low 4 bytes, with a lane of 0 above each.
    private static long apart(final int size, final long a) {
        long x = a & 0xffffffffL;
        if (size < 2) {
            x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
        }
        return size == 0 ? (x | x << 8) & 0x00ff_00ff_00ff_00ffL : x;
    }

    /// Lanes of 16 bytes made half as wide, with saturation.
    ///
    /// @param op [SimdOps#PACKSS] or [SimdOps#PACKUS]
    /// @param size of the lanes that become narrower
    public static long pack(final int op, final int size, final long low, final long high) {
        final int bits = Widths.bits(size);
        final int narrow = size - 1;
        long result = 0;
        for (int i = 0; i < 128 / bits; i++) {
            final int at = i * bits;
            final long lane =
                    Widths.signExtend(
                            size, at < Long.SIZE ? low >>> at : high >>> (at - Long.SIZE));
            final long packed =
                    op == SimdOps.PACKSS
                            ? Lanes.saturateSigned(narrow, lane)
                            : Lanes.saturateUnsigned(narrow, lane);
            result |= Widths.zeroExtend(narrow, packed) << (at / 2);
        }
        return result;
    }

    /// 8 of 32 bytes, with zeros behind those.
    private static long bytes(
            final long first,
            final long second,
            final long third,
            final long fourth,
            final int from) {
        final int shift = 8 * (from & 7);
        final long low = word(first, second, third, fourth, from >> 3);
        if (shift == 0) {
            return low;
        }
        final long high = word(first, second, third, fourth, (from >> 3) + 1);
        return low >>> shift | high << (Long.SIZE - shift);
    }

    private static long word(
            final long first,
            final long second,
            final long third,
            final long fourth,
            final int number) {
        return switch (number) {
            case 0 -> first;
            case 1 -> second;
            case 2 -> third;
            case 3 -> fourth;
            default -> 0;
        };
    }

    /// Sums or differences of neighbours in 16 bytes.
    ///
    /// @param op [SimdOps#PHADD] or one of the three behind it
    public static long neighbours(final int op, final int size, final long low, final long high) {
        final int bits = Widths.bits(size);
        long result = 0;
        for (int i = 0; i < 64 / bits; i++) {
            final int at = 2 * i * bits;
            final long from = at < Long.SIZE ? low : high;
            final long x = Widths.signExtend(size, from >>> (at & 63));
            final long y = Widths.signExtend(size, from >>> ((at & 63) + bits));
            final long value =
                    switch (op) {
                        case SimdOps.PHADD -> x + y;
                        case SimdOps.PHSUB -> x - y;
                        case SimdOps.PHADDS -> Lanes.saturateSigned(size, x + y);
                        default -> Lanes.saturateSigned(size, x - y);
                    };
            result |= Widths.zeroExtend(size, value) << (i * bits);
        }
        return result;
    }

    /// Lanes made wider.
    ///
    /// @param op [SimdOps#PMOVSX] or [SimdOps#PMOVZX]
    /// @param wide the logarithm of the bytes that they get
    /// @param half which half of the result
    public static long extended(
            final int op, final int size, final int wide, final int half, final long from) {
        final int bits = Widths.bits(wide);
        final int lanes = Long.SIZE / bits;
        long result = 0;
        for (int i = 0; i < lanes; i++) {
            final long lane = from >>> ((half * lanes + i) * Widths.bits(size));
            final long value =
                    op == SimdOps.PMOVSX
                            ? Widths.signExtend(size, lane)
                            : Widths.zeroExtend(size, lane);
            result |= Widths.zeroExtend(wide, value) << (i * bits);
        }
        return result;
    }

    private static long blend(final int size, final long a, final long b, final long choice) {
        final int bits = Widths.bits(size);
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += bits) {
            final long from = (choice >>> (at / bits) & 1) == 0 ? a : b;
            result |= from & Widths.mask(size) << at;
        }
        return result;
    }

    /// @sdm 2, "MPSADBW—Compute Multiple Packed Sums of Absolute Difference"
    private static long mpsadbw(
            final long aLow,
            final long aHigh,
            final long bLow,
            final long bHigh,
            final int order,
            final int half) {
        final int block = order & 3;
        final long with = block < 2 ? bLow >>> (32 * block) : bHigh >>> (32 * (block - 2));
        long result = 0;
        for (int i = 0; i < 4; i++) {
            final long from = bytes(aLow, aHigh, 0, 0, (order & 4) + 4 * half + i);
            long sum = 0;
            for (int at = 0; at < 32; at += 8) {
                sum += Math.abs((from >>> at & 0xff) - (with >>> at & 0xff));
            }
            result |= sum << (16 * i);
        }
        return result;
    }

    private static long phminposuw(final long low, final long high) {
        long least = 0x1_0000;
        int where = 0;
        for (int i = 0; i < 8; i++) {
            final long word = (i < 4 ? low : high) >>> (16 * (i & 3)) & 0xffff;
            if (word < least) {
                least = word;
                where = i;
            }
        }
        return least | (long) where << 16;
    }

    /// @sdm 2, "INSERTPS—Insert Scalar Single Precision Floating-Point Value"
    private static long insertps(
            final long a, final long bLow, final long bHigh, final int order, final int half) {
        long result = a;
        final int to = order >> 4 & 3;
        if (to >> 1 == half) {
            final long from = doubleword(bLow, bHigh, order >> 6 & 3);
            result = Lanes.value(SimdOps.DEPOSIT, 2, a, from, 32L * (to & 1));
        }
        final int zeros = order >> (2 * half) & 3;
        if ((zeros & 1) != 0) {
            result &= ~0xffffffffL;
        }
        return (zeros & 2) != 0 ? result & 0xffffffffL : result;
    }
}
