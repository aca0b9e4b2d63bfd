// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// What only 32-bit mode computes: decimal numbers, and privilege levels of selectors. All
/// functions take flags as they were; a result's low 2 bytes count, and status flags are in the
/// bits above, from [#FLAGS_SHIFT] on.
public final class Decimal {

    /// Where the flags are in a result.
    public static final int FLAGS_SHIFT = 16;

    private static final int SIGNS = Rflags.SF | Rflags.ZF | Rflags.PF;

    private Decimal() {}

    /// The result of one of [MicroOps#DAA] to [MicroOps#ARPL].
    ///
    /// @param a `ax`, or a selector
    /// @param b another selector
    /// @param base of [MicroOps#AAM], which is not 0, and [MicroOps#AAD]
    /// @param flags the status flags before
    public static int result(
            final int op, final int a, final int b, final int base, final int flags) {
        return switch (op) {
            case MicroOps.DAA -> adjust(a, flags, 1);
            case MicroOps.DAS -> adjust(a, flags, -1);
            case MicroOps.AAA -> adjustUnpacked(a, flags, 1);
            case MicroOps.AAS -> adjustUnpacked(a, flags, -1);
            case MicroOps.AAM -> {
                final int al = a & 0xff;
                yield signs(((al / base) << 8) | (al % base), flags);
            }
            case MicroOps.AAD -> signs(((a & 0xff) + (a >> 8 & 0xff) * base) & 0xff, flags);
            case MicroOps.ARPL -> arpl(a, b, flags);
            default -> throw new IllegalArgumentException(MicroOps.name(op));
        };
    }

    private static int with(final int value, final int flags) {
        return (value & 0xffff) | ((flags & Rflags.STATUS) << FLAGS_SHIFT);
    }

    /// A result whose low byte says the flags of signs; others stay.
    private static int signs(final int value, final int flags) {
        final int al = value & 0xff;
        final int now =
                (al >= 0x80 ? Rflags.SF : 0)
                        | (al == 0 ? Rflags.ZF : 0)
                        | ((Integer.bitCount(al) & 1) == 0 ? Rflags.PF : 0);
        return with(value, (flags & ~SIGNS) | now);
    }

    /// After an addition, or a subtraction, of two digits each.
    ///
    /// @sdm 2, "DAA—Decimal Adjust AL after Addition"
    /// @sdm 2, "DAS—Decimal Adjust AL after Subtraction"
    private static int adjust(final int ax, final int flags, final int sign) {
        final int before = ax & 0xff;
        final boolean low = (before & 15) > 9 || (flags & Rflags.AF) != 0;
        final boolean high = before > 0x99 || (flags & Rflags.CF) != 0;
        final int al = (before + sign * ((low ? 6 : 0) + (high ? 0x60 : 0))) & 0xff;
        final boolean borrows = sign < 0 && low && before < 6;
        final int now = (low ? Rflags.AF : 0) | (high || borrows ? Rflags.CF : 0);
        return signs((ax & 0xff00) | al, (flags & ~(Rflags.AF | Rflags.CF)) | now);
    }

    /// After an addition, or a subtraction, of one digit.
    ///
    /// @sdm 2, "AAA—ASCII Adjust After Addition"
    /// @sdm 2, "AAS—ASCII Adjust AL After Subtraction"
    private static int adjustUnpacked(final int ax, final int flags, final int sign) {
        final boolean adjusts = (ax & 15) > 9 || (flags & Rflags.AF) != 0;
        final int carry = adjusts ? Rflags.AF | Rflags.CF : 0;
        final int now = adjusts ? ax + sign * 0x106 : ax;
        return with(now & 0xff0f, (flags & ~(Rflags.AF | Rflags.CF)) | carry);
    }

    private static int arpl(final int to, final int from, final int flags) {
        final boolean adjusts = (to & 3) < (from & 3);
        return with(
                adjusts ? (to & ~3) | (from & 3) : to,
                (flags & ~Rflags.ZF) | (adjusts ? Rflags.ZF : 0));
    }
}
