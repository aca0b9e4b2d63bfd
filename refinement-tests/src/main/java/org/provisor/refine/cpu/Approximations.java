// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.decode.Opcode;

/// Instructions whose results the manual bounds and does not say: `rcpps`, `rsqrtps` and the same
/// of one single, and the transcendental functions of the x87 FPU.
final class Approximations {

    /// Of each side's relative error.
    ///
    /// SDM 2, RCPPS: |Relative Error| <= 1.5 * 2^-12
    private static final double BOUND = 1.5 / 4096;

    /// Results below this may have become 0 on one side: the manual leaves open where that begins.
    private static final float NEARLY_TINY = 2 * Float.MIN_NORMAL;

    /// Significands of `sqrt(2) - 1` and `1 - sqrt(1/2)`, both of which are between 1/4 and 1/2.
    private static final long SQRT_2_LESS_1 = 0xd413_cccf_e779_9211L;

    private static final long ONE_LESS_SQRT_HALF = 0x95f6_1998_0c43_36f7L;

    private Approximations() {}

    static boolean is(final Opcode row) {
        return row.approximate();
    }

    /// Whether an instruction is defined for what ST(0) was: `f2xm1` up to 1, `fyl2xp1` from
    /// `sqrt(1/2) - 1` to `sqrt(2) - 1`.
    static boolean isDefined(final Opcode row, final long significand, final long head) {
        final int exponent = (int) head & 0x7fff;
        if (exponent == 0x7fff) {
            return true;
        }
        return switch (row.meaning()) {
            case "x87 2xm1" -> exponent < 0x3fff || (exponent == 0x3fff && significand << 1 == 0);
            case "x87 yl2xp1" -> {
                final long most = (head & 0x8000) == 0 ? SQRT_2_LESS_1 : ONE_LESS_SQRT_HALF;
                yield exponent < 0x3ffd
                        || (exponent == 0x3ffd && Long.compareUnsigned(significand, most) <= 0);
            }
            default -> true;
        };
    }

    /// Whether a register of the x87 FPU, or its status word, agrees after that instruction: within
    /// a unit of the last place, and but for C1, which says which way it was rounded.
    ///
    /// @param slot the first of a register's two, or another one
    static boolean agree(
            final @Nullable Opcode row,
            final CpuState ours,
            final CpuState theirs,
            final int slot) {
        if (row == null || !row.meaning().startsWith("x87")) {
            return false;
        }
        if (slot == Slots.X87_STATUS) {
            return ((X87.status(ours.slots()) ^ theirs.get(slot)) & ~X87.C1) == 0;
        }
        if (slot < Slots.X87) {
            return false;
        }
        final int register = slot - (slot - Slots.X87) % 2;
        return near(
                ours.get(register),
                ours.get(register + 1),
                theirs.get(register),
                theirs.get(register + 1));
    }

    /// Whether two numbers of 80 bits of one sign are the same or neighbours.
    private static boolean near(
            final long ours, final long ourHead, final long theirs, final long theirHead) {
        if (((ourHead ^ theirHead) & 0x8000) != 0) {
            return false;
        }
        final int distance = (int) (ourHead & 0x7fff) - (int) (theirHead & 0x7fff);
        return switch (distance) {
            case 0 -> Math.abs(ours - theirs) <= 1;
            case 1 ->
                    ours == Long.MIN_VALUE
                            && theirs == ((theirHead & 0x7fff) == 0 ? Long.MAX_VALUE : -1);
            case -1 ->
                    theirs == Long.MIN_VALUE
                            && ours == ((ourHead & 0x7fff) == 0 ? Long.MAX_VALUE : -1);
            default -> false;
        };
    }

    /// Whether two halves of a register agree after that instruction.
    ///
    /// @param row null if the last instruction was no approximation
    static boolean agree(final @Nullable Opcode row, final long ours, final long theirs) {
        return row != null
                && agree((int) ours, (int) theirs)
                && agree((int) (ours >>> 32), (int) (theirs >>> 32));
    }

    private static boolean agree(final int ours, final int theirs) {
        if (ours == theirs) {
            return true;
        }
        final float x = Float.intBitsToFloat(ours);
        final float y = Float.intBitsToFloat(theirs);
        if (!Float.isFinite(x) || !Float.isFinite(y) || (ours < 0) != (theirs < 0)) {
            return false;
        }
        if (x == 0 || y == 0) {
            return Math.abs(x) < NEARLY_TINY && Math.abs(y) < NEARLY_TINY;
        }
        return Math.abs((double) x - y) <= 2 * BOUND * Math.min(Math.abs(x), Math.abs(y));
    }
}
