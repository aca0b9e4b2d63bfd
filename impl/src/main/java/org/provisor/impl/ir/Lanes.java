// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Integer operations on the lanes of 8 bytes, half of an XMM register.
public final class Lanes {

    private static final long HIGH_BITS = 0x8000_8000_8000_8000L;

    private Lanes() {}

    /// What goes to `d`.
    ///
    /// @param op one of the lanes of [SimdOps]
    /// @param size the logarithm of a lane's bytes
    public static long value(
            final int op, final int size, final long a, final long b, final long immediate) {
        return switch (op) {
            case SimdOps.PADD -> add(size, a, b);
            case SimdOps.PSUB -> subtract(size, a, b);
            case SimdOps.PMINS -> leastSigned(size, a, b);
            case SimdOps.PMINU -> least(size, a, b);
            case SimdOps.PMAXS -> greatestSigned(size, a, b);
            case SimdOps.PMAXU -> greatest(size, a, b);
            case SimdOps.PCMPEQ -> equal(size, a, b);
            case SimdOps.PCMPGT -> greater(size, a, b);
            case SimdOps.PADDUS -> addUnsigned(size, a, b);
            case SimdOps.PSUBUS -> subtractUnsigned(size, a, b);
            case SimdOps.PMULL -> size == 1 ? multiplyWords(a, b) : multiplyDoublewords(a, b);
            case SimdOps.PMULUDQ -> multiplyUnsigned(a, b);
            case SimdOps.PMULDQ -> (long) (int) a * (int) b;
            case SimdOps.PMADDWD -> pmaddwd(a, b);
            case SimdOps.PMADDUBSW -> pmaddubsw(a, b);
            case SimdOps.PSADBW -> psadbw(a, b);
            case SimdOps.PSLL -> shiftLeft(size, a, b);
            case SimdOps.PSRL -> shiftRight(size, a, b);
            case SimdOps.PSRA -> shiftRightSigned(size, a, b);
            case SimdOps.DEPOSIT -> {
                final long mask = Widths.mask(size) << immediate;
                yield (a & ~mask) | (b << immediate & mask);
            }
            case SimdOps.EXTRACT -> Widths.zeroExtend(size, a >>> immediate);
            case SimdOps.STRING_INDEX -> Strings.index(a, (int) immediate);
            default -> each(op, size, a, b);
        };
    }

    /// All bits of each lane but the highest.
    private static long lowBits(final int size) {
        return switch (size) {
            case 0 -> ~(HIGH_BITS | HIGH_BITS >>> 8);
            case 1 -> ~HIGH_BITS;
            case 2 -> 0x7fff_ffff_7fff_ffffL;
            default -> Long.MAX_VALUE;
        };
    }

    /// `x`, which fits into a lane, in every lane.
    private static long everywhere(final int size, final long x) {
        return x
                * switch (size) {
                    case 0 -> 0x0101_0101_0101_0101L;
                    case 1 -> 0x0001_0001_0001_0001L;
                    case 2 -> 0x0000_0001_0000_0001L;
                    default -> 1;
                };
    }

    /// All bits of each lane whose highest bit is set.
    private static long spread(final int size, final long bits) {
        final long high = bits & ~lowBits(size);
        return high | (high - (high >>> (Widths.bits(size) - 1)));
    }

    /// Sums of lanes.
    public static long add(final int size, final long a, final long b) {
        final long low = lowBits(size);
        return (a & low) + (b & low) ^ ((a ^ b) & ~low);
    }

    /// Differences of lanes.
    public static long subtract(final int size, final long a, final long b) {
        final long low = lowBits(size);
        return (a | ~low) - (b & low) ^ ((a ^ ~b) & ~low);
    }

    /// Sums of unsigned lanes, with saturation.
    public static long addUnsigned(final int size, final long a, final long b) {
        final long sum = add(size, a, b);
        return sum | less(size, sum, a);
    }

    /// Differences of unsigned lanes, with saturation.
    public static long subtractUnsigned(final int size, final long a, final long b) {
        return subtract(size, a, b) & ~less(size, a, b);
    }

    /// All bits of lanes that are equal.
    public static long equal(final int size, final long a, final long b) {
        final long low = lowBits(size);
        final long x = a ^ b;
        return spread(size, ~((x & low) + low | x));
    }

    /// All bits of signed lanes in which `a` is greater.
    public static long greater(final int size, final long a, final long b) {
        return spread(size, (b & ~a) | (~(a ^ b) & subtract(size, b, a)));
    }

    /// All bits of unsigned lanes in which `a` is less.
    private static long less(final int size, final long a, final long b) {
        return spread(size, (b & ~a) | (~(a ^ b) & subtract(size, a, b)));
    }

    /// The lesser ones of signed lanes.
    public static long leastSigned(final int size, final long a, final long b) {
        return chosen(greater(size, b, a), a, b);
    }

    /// The greater ones of signed lanes.
    public static long greatestSigned(final int size, final long a, final long b) {
        return chosen(greater(size, a, b), a, b);
    }

    /// The lesser ones of unsigned lanes.
    public static long least(final int size, final long a, final long b) {
        return chosen(less(size, a, b), a, b);
    }

    /// The greater ones of unsigned lanes.
    public static long greatest(final int size, final long a, final long b) {
        return chosen(less(size, b, a), a, b);
    }

    private static long chosen(final long mask, final long a, final long b) {
        return (a & mask) | (b & ~mask);
    }

    /// Each lane by a count, of which all bits or more give 0.
    public static long shiftLeft(final int size, final long a, final long count) {
        if (count < 0 || count >= Widths.bits(size)) {
            return 0;
        }
        return a << count & everywhere(size, Widths.mask(size) << count & Widths.mask(size));
    }

    /// The same, to the right.
    public static long shiftRight(final int size, final long a, final long count) {
        if (count < 0 || count >= Widths.bits(size)) {
            return 0;
        }
        return a >>> count & everywhere(size, Widths.mask(size) >>> count);
    }

    /// Each signed lane by a count, of which all bits or more give only signs.
    public static long shiftRightSigned(final int size, final long a, final long count) {
        final int most = Widths.bits(size) - 1;
        final long by = count < 0 || count > most ? most : count;
        final long signs = everywhere(size, Widths.sign(size) >>> by);
        return subtract(size, shiftRight(size, a, by) ^ signs, signs);
    }

    /// Products of the low 4 bytes.
    public static long multiplyUnsigned(final long a, final long b) {
        return (a & 0xffffffffL) * (b & 0xffffffffL);
    }

    /// The low halves of the products of lanes of 2 bytes.
    public static long multiplyWords(final long a, final long b) {
        return (a * b & 0xffffL)
                | ((a >>> 16) * (b >>> 16) & 0xffffL) << 16
                | ((a >>> 32) * (b >>> 32) & 0xffffL) << 32
                | ((a >>> 48) * (b >>> 48)) << 48;
    }

    /// The low halves of the products of lanes of 4 bytes.
    public static long multiplyDoublewords(final long a, final long b) {
        return (a * b & 0xffffffffL) | ((a >>> 32) * (b >>> 32)) << 32;
    }

    private static long each(final int op, final int size, final long a, final long b) {
        final int bits = Widths.bits(size);
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += bits) {
            final long lane = lane(op, size, a >>> at, b >>> at);
            result |= Widths.zeroExtend(size, lane) << at;
        }
        return result;
    }

    /// One lane; above it there is anything.
    private static long lane(final int op, final int size, final long a, final long b) {
        final long x = Widths.signExtend(size, a);
        final long y = Widths.signExtend(size, b);
        final long u = Widths.zeroExtend(size, a);
        final long v = Widths.zeroExtend(size, b);
        return switch (op) {
            case SimdOps.PADDS -> saturateSigned(size, x + y);
            case SimdOps.PSUBS -> saturateSigned(size, x - y);
            case SimdOps.PMULH -> (x * y) >> Widths.bits(size);
            case SimdOps.PMULHU -> (u * v) >> Widths.bits(size);
            case SimdOps.PMULHRS -> (((x * y) >> 14) + 1) >> 1;
            case SimdOps.PAVG -> (u + v + 1) >> 1;
            case SimdOps.PABS -> Math.abs(y);
            case SimdOps.PSIGN -> y < 0 ? -x : y == 0 ? 0 : x;
            default -> throw new IllegalArgumentException(SimdOps.name(op));
        };
    }

    static long saturateSigned(final int size, final long value) {
        final long most = Widths.sign(size) - 1;
        return Math.max(~most, Math.min(most, value));
    }

    static long saturateUnsigned(final int size, final long value) {
        return Math.max(0, Math.min(Widths.mask(size), value));
    }

    private static long pmaddwd(final long a, final long b) {
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += 32) {
            final int first = (short) (a >>> at) * (short) (b >>> at);
            final int second = (short) (a >>> (at + 16)) * (short) (b >>> (at + 16));
            result |= (first + second & 0xffffffffL) << at;
        }
        return result;
    }

    private static long pmaddubsw(final long a, final long b) {
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += 16) {
            final long first = (a >>> at & 0xff) * (byte) (b >>> at);
            final long second = (a >>> (at + 8) & 0xff) * (byte) (b >>> (at + 8));
            result |= (saturateSigned(1, first + second) & 0xffff) << at;
        }
        return result;
    }

    private static long psadbw(final long a, final long b) {
        long sum = 0;
        for (int at = 0; at < Long.SIZE; at += 8) {
            sum += Math.abs((a >>> at & 0xff) - (b >>> at & 0xff));
        }
        return sum;
    }
}
