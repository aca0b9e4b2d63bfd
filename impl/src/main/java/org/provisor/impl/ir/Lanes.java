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
            case SimdOps.PMULUDQ -> (a & 0xffffffffL) * (b & 0xffffffffL);
            case SimdOps.PMULDQ -> (long) (int) a * (int) b;
            case SimdOps.PMADDWD -> pmaddwd(a, b);
            case SimdOps.PMADDUBSW -> pmaddubsw(a, b);
            case SimdOps.PSADBW -> psadbw(a, b);
            case SimdOps.PSLL, SimdOps.PSRL, SimdOps.PSRA -> shift(op, size, a, b);
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

    private static long add(final int size, final long a, final long b) {
        final long low = lowBits(size);
        return (a & low) + (b & low) ^ ((a ^ b) & ~low);
    }

    private static long subtract(final int size, final long a, final long b) {
        final long low = lowBits(size);
        return (a | ~low) - (b & low) ^ ((a ^ ~b) & ~low);
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
            case SimdOps.PADDUS -> saturateUnsigned(size, u + v);
            case SimdOps.PSUBS -> saturateSigned(size, x - y);
            case SimdOps.PSUBUS -> saturateUnsigned(size, u - v);
            case SimdOps.PMINS -> Math.min(x, y);
            case SimdOps.PMINU -> Math.min(u, v);
            case SimdOps.PMAXS -> Math.max(x, y);
            case SimdOps.PMAXU -> Math.max(u, v);
            case SimdOps.PCMPEQ -> x == y ? -1 : 0;
            case SimdOps.PCMPGT -> x > y ? -1 : 0;
            case SimdOps.PMULL -> x * y;
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

    /// A count of all bits or more gives 0, or only signs.
    private static long shift(final int op, final int size, final long a, final long count) {
        final int bits = Widths.bits(size);
        final boolean most = count < 0 || count >= bits;
        if (most && op != SimdOps.PSRA) {
            return 0;
        }
        final int by = most ? bits - 1 : (int) count;
        long result = 0;
        for (int at = 0; at < Long.SIZE; at += bits) {
            final long lane = a >>> at;
            final long shifted =
                    switch (op) {
                        case SimdOps.PSLL -> lane << by;
                        case SimdOps.PSRL -> Widths.zeroExtend(size, lane) >>> by;
                        default -> Widths.signExtend(size, lane) >> by;
                    };
            result |= Widths.zeroExtend(size, shifted) << at;
        }
        return result;
    }
}
