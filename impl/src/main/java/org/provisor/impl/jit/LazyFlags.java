// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.Flags;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.Semantics;

/// Status flags that nobody has computed yet: the operation that sets them, its operands and its
/// result. Most are overwritten before they are looked at.
///
/// The operation and its size are one number, the *kind*. Of kind 0, [#SETTLED], the flags are in
/// RFLAGS. Of any other, RFLAGS holds those that are no status flags; and for `inc` and `dec`,
/// which keep it, CF.
final class LazyFlags {

    static final int SETTLED = 0;

    /// Which kind it is, is known when the code runs.
    static final int UNKNOWN = -1;

    private LazyFlags() {}

    static int kind(final int op, final int size) {
        return op | size << 10;
    }

    static int op(final int kind) {
        return kind & 0x3ff;
    }

    static int size(final int kind) {
        return kind >> 10;
    }

    /// Whether the flags of an operation follow from two operands and the result.
    static boolean isLazy(final int op) {
        return switch (op) {
            case MicroOps.ADD,
                    MicroOps.ADC,
                    MicroOps.SUB,
                    MicroOps.SBB,
                    MicroOps.NEG,
                    MicroOps.AND,
                    MicroOps.OR,
                    MicroOps.XOR,
                    MicroOps.INC,
                    MicroOps.DEC,
                    MicroOps.MUL,
                    MicroOps.IMUL,
                    MicroOps.MULTIPLY,
                    MicroOps.LZCNT,
                    MicroOps.TZCNT,
                    MicroOps.POPCNT,
                    MicroOps.ANDN,
                    MicroOps.BLSR,
                    MicroOps.BLSMSK,
                    MicroOps.BLSI,
                    MicroOps.BEXTR,
                    MicroOps.BZHI ->
                    true;
            default -> false;
        };
    }

    /// Whether it sets all status flags, whatever they were.
    static boolean setsAll(final int op) {
        return isLazy(op) && !keepsCarry(op);
    }

    static boolean keepsCarry(final int op) {
        return op == MicroOps.INC || op == MicroOps.DEC;
    }

    /// RFLAGS with all flags in it.
    static long settled(
            final int kind, final long a, final long b, final long result, final long flags) {
        if (kind == SETTLED) {
            return flags;
        }
        final int status = Semantics.flags(op(kind), size(kind), a, b, 0, result, (int) flags);
        return (flags & ~Rflags.STATUS) | status;
    }

    /// CF, as 0 or 1.
    static long carry(
            final int kind, final long a, final long b, final long result, final long flags) {
        return settled(kind, a, b, result, flags) & Rflags.CF;
    }

    /// Whether a condition holds.
    static boolean condition(
            final int condition,
            final int kind,
            final long a,
            final long b,
            final long result,
            final long flags) {
        return Flags.condition(condition, settled(kind, a, b, result, flags));
    }

    /// Puts all flags into RFLAGS.
    static void settle(final long[] slots, final long[] shared) {
        final int kind = (int) shared[Region.KIND];
        if (kind != SETTLED) {
            slots[Slots.RFLAGS] =
                    settled(
                            kind,
                            shared[Region.FLAG_A],
                            shared[Region.FLAG_B],
                            shared[Region.FLAG_RESULT],
                            slots[Slots.RFLAGS]);
            shared[Region.KIND] = SETTLED;
        }
    }
}
