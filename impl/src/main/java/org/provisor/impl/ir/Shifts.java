// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// Shifts and rotates. Counts are taken modulo 32, or 64 for 8 bytes, as the processor does.
///
/// Each has a method for the value and one for the flags, which returns all status flags; a count
/// of 0 returns those before.
///
/// @sdm 2, "SAL/SAR/SHL/SHR—Shift"
/// @sdm 2, "RCL/RCR/ROL/ROR—Rotate"
public final class Shifts {

    private Shifts() {}

    private static int masked(final int size, final long count) {
        return (int) count & (size == 3 ? 63 : 31);
    }

    public static long shl(final int size, final long a, final long count) {
        return a << masked(size, count) & Widths.mask(size);
    }

    public static int shlFlags(final int size, final long a, final long count, final int before) {
        final int n = masked(size, count);
        if (n == 0) {
            return before;
        }
        final int bits = Widths.bits(size);
        final boolean carry = n <= bits && (a >>> (bits - n) & 1) != 0;
        final long result = shl(size, a, count);
        final boolean sign = (result & Widths.sign(size)) != 0;
        return Flags.ofResult(size, result)
                | Flags.bit(carry, Rflags.CF)
                | Flags.bit(sign != carry, Rflags.OF);
    }

    public static long shr(final int size, final long a, final long count) {
        return (a & Widths.mask(size)) >>> masked(size, count);
    }

    public static int shrFlags(final int size, final long a, final long count, final int before) {
        final int n = masked(size, count);
        if (n == 0) {
            return before;
        }
        final boolean carry = ((a & Widths.mask(size)) >>> (n - 1) & 1) != 0;
        return Flags.ofResult(size, shr(size, a, count))
                | Flags.bit(carry, Rflags.CF)
                | Flags.bit((a & Widths.sign(size)) != 0, Rflags.OF);
    }

    public static long sar(final int size, final long a, final long count) {
        return Widths.signExtend(size, a) >> masked(size, count) & Widths.mask(size);
    }

    public static int sarFlags(final int size, final long a, final long count, final int before) {
        final int n = masked(size, count);
        if (n == 0) {
            return before;
        }
        final boolean carry = (Widths.signExtend(size, a) >> (n - 1) & 1) != 0;
        return Flags.ofResult(size, sar(size, a, count)) | Flags.bit(carry, Rflags.CF);
    }

    public static long rol(final int size, final long a, final long count) {
        final int bits = Widths.bits(size);
        final int n = masked(size, count) & (bits - 1);
        final long value = a & Widths.mask(size);
        return n == 0 ? value : (value << n | value >>> (bits - n)) & Widths.mask(size);
    }

    public static int rolFlags(final int size, final long a, final long count, final int before) {
        if (masked(size, count) == 0) {
            return before;
        }
        final long result = rol(size, a, count);
        final boolean carry = (result & 1) != 0;
        final boolean sign = (result & Widths.sign(size)) != 0;
        return rotated(before, carry, sign != carry);
    }

    public static long ror(final int size, final long a, final long count) {
        return rol(size, a, (Widths.bits(size) - masked(size, count)) & (Widths.bits(size) - 1));
    }

    public static int rorFlags(final int size, final long a, final long count, final int before) {
        if (masked(size, count) == 0) {
            return before;
        }
        final long result = ror(size, a, count);
        final long sign = Widths.sign(size);
        final boolean carry = (result & sign) != 0;
        return rotated(before, carry, carry != ((result & sign >>> 1) != 0));
    }

    private static int rotated(final int before, final boolean carry, final boolean overflow) {
        return (before & ~(Rflags.CF | Rflags.OF))
                | Flags.bit(carry, Rflags.CF)
                | Flags.bit(overflow, Rflags.OF);
    }

    /// How far a rotate through the carry goes: modulo one bit more than the size has.
    private static int throughCarry(final int size, final long count) {
        return masked(size, count) % (Widths.bits(size) + 1);
    }

    public static long rcl(final int size, final long a, final long count, final int flags) {
        final int n = throughCarry(size, count);
        return n == 0 ? a & Widths.mask(size) : throughCarryBy(size, a, n, flags);
    }

    /// A rotate to the left through the carry, by 1 to as many bits as the size has.
    private static long throughCarryBy(final int size, final long a, final int n, final int flags) {
        final long value = a & Widths.mask(size);
        final long low = n == 1 ? 0 : value >>> (Widths.bits(size) + 1 - n);
        final long high = n == 64 ? 0 : value << n;
        return (high | (long) (flags & Rflags.CF) << (n - 1) | low) & Widths.mask(size);
    }

    public static int rclFlags(final int size, final long a, final long count, final int before) {
        final int n = throughCarry(size, count);
        if (masked(size, count) == 0) {
            return before;
        }
        final boolean carry =
                n == 0
                        ? (before & Rflags.CF) != 0
                        : ((a & Widths.mask(size)) >>> (Widths.bits(size) - n) & 1) != 0;
        final boolean sign = (rcl(size, a, count, before) & Widths.sign(size)) != 0;
        return rotated(before, carry, sign != carry);
    }

    public static long rcr(final int size, final long a, final long count, final int flags) {
        final int n = throughCarry(size, count);
        return n == 0
                ? a & Widths.mask(size)
                : throughCarryBy(size, a, Widths.bits(size) + 1 - n, flags);
    }

    public static int rcrFlags(final int size, final long a, final long count, final int before) {
        final int n = throughCarry(size, count);
        if (masked(size, count) == 0) {
            return before;
        }
        final boolean carry =
                n == 0 ? (before & Rflags.CF) != 0 : ((a & Widths.mask(size)) >>> (n - 1) & 1) != 0;
        final long result = rcr(size, a, count, before);
        final long sign = Widths.sign(size);
        return rotated(before, carry, (result & sign) != 0 != ((result & sign >>> 1) != 0));
    }

    /// Shifts `a` to the left and brings in the high bits of `b`. For 2 bytes a count above 16 has
    /// no defined result.
    ///
    /// @sdm 2, "SHLD—Double Precision Shift Left"
    public static long shld(final int size, final long a, final long b, final long count) {
        final int n = masked(size, count);
        final int bits = Widths.bits(size);
        if (n == 0) {
            return a & Widths.mask(size);
        }
        if (n > bits) {
            return shld(size, b, a, n - bits);
        }
        final long in = (b & Widths.mask(size)) >>> (bits - n);
        return ((n == 64 ? 0 : a << n) | in) & Widths.mask(size);
    }

    public static int shldFlags(
            final int size, final long a, final long b, final long count, final int before) {
        final int n = masked(size, count);
        if (n == 0) {
            return before;
        }
        final int bits = Widths.bits(size);
        final boolean carry = n <= bits && (a >>> (bits - n) & 1) != 0;
        return doubled(size, a, shld(size, a, b, count), carry);
    }

    public static long shrd(final int size, final long a, final long b, final long count) {
        final int n = masked(size, count);
        final int bits = Widths.bits(size);
        if (n == 0) {
            return a & Widths.mask(size);
        }
        if (n > bits) {
            return shrd(size, b, a, n - bits);
        }
        return ((a & Widths.mask(size)) >>> n | b << (bits - n)) & Widths.mask(size);
    }

    public static int shrdFlags(
            final int size, final long a, final long b, final long count, final int before) {
        final int n = masked(size, count);
        if (n == 0) {
            return before;
        }
        final boolean carry =
                n <= Widths.bits(size) && ((a & Widths.mask(size)) >>> (n - 1) & 1) != 0;
        return doubled(size, a, shrd(size, a, b, count), carry);
    }

    private static int doubled(
            final int size, final long a, final long result, final boolean carry) {
        return Flags.ofResult(size, result)
                | Flags.bit(carry, Rflags.CF)
                | Flags.bit(((a ^ result) & Widths.sign(size)) != 0, Rflags.OF);
    }
}
