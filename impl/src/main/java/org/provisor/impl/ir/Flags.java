// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// The flags that arithmetic leaves. Each method returns flags alone; the caller puts them in
/// place.
///
/// @sdm 1, "Status Flags"
public final class Flags {

    private Flags() {}

    /// ZF, SF and PF of a result.
    public static int ofResult(final int size, final long result) {
        final long value = result & Widths.mask(size);
        int flags = (Long.bitCount(value & 0xff) & 1) == 0 ? Rflags.PF : 0;
        if (value == 0) {
            flags |= Rflags.ZF;
        }
        if ((value & Widths.sign(size)) != 0) {
            flags |= Rflags.SF;
        }
        return flags;
    }

    static int bit(final boolean set, final int flag) {
        return set ? flag : 0;
    }

    /// Of `a + b + carry`.
    public static int add(final int size, final long a, final long b, final long result) {
        final long carries = (a & b) | ((a | b) & ~result);
        final long overflow = (a ^ result) & (b ^ result);
        return common(size, a, b, result, carries, overflow);
    }

    /// Of `a - b - carry`.
    public static int subtract(final int size, final long a, final long b, final long result) {
        final long borrows = (~a & b) | ((~a | b) & result);
        final long overflow = (a ^ b) & (a ^ result);
        return common(size, a, b, result, borrows, overflow);
    }

    private static int common(
            final int size,
            final long a,
            final long b,
            final long result,
            final long carries,
            final long overflow) {
        final long sign = Widths.sign(size);
        return ofResult(size, result)
                | ((int) (a ^ b ^ result) & Rflags.AF)
                | bit((carries & sign) != 0, Rflags.CF)
                | bit((overflow & sign) != 0, Rflags.OF);
    }

    /// Of `inc` and `dec`, which keep CF: of `a + 1` or `a - 1`.
    public static int step(
            final int size, final long a, final long result, final int before, final boolean up) {
        final long sign = Widths.sign(size);
        final long overflow = up ? ~a & result : a & ~result;
        return ofResult(size, result)
                | (before & Rflags.CF)
                | ((int) (a ^ 1 ^ result) & Rflags.AF)
                | bit((overflow & sign) != 0, Rflags.OF);
    }

    /// Of a product, which sets CF and OF if it does not fit and leaves the others undefined: here
    /// those of the result's low half.
    static int product(final int size, final long low, final boolean fits) {
        return (ofResult(size, low) & ~Rflags.ZF) | bit(!fits, Rflags.CF | Rflags.OF);
    }

    /// Whether a condition holds, 0 to 15 as in opcodes.
    ///
    /// @sdm 1, "EFLAGS Condition Codes"
    public static boolean condition(final int condition, final long flags) {
        final boolean holds =
                switch (condition >> 1) {
                    case 0 -> (flags & Rflags.OF) != 0;
                    case 1 -> (flags & Rflags.CF) != 0;
                    case 2 -> (flags & Rflags.ZF) != 0;
                    case 3 -> (flags & (Rflags.CF | Rflags.ZF)) != 0;
                    case 4 -> (flags & Rflags.SF) != 0;
                    case 5 -> (flags & Rflags.PF) != 0;
                    case 6 -> less(flags);
                    default -> less(flags) || (flags & Rflags.ZF) != 0;
                };
        return holds == ((condition & 1) == 0);
    }

    private static boolean less(final long flags) {
        return (flags & Rflags.SF) != 0 != ((flags & Rflags.OF) != 0);
    }
}
