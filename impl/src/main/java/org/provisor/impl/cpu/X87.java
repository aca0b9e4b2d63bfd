// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Bits of the x87 FPU's words, and where its registers are.
///
/// @sdm 1, "x87 FPU Execution Environment"
public final class X87 {

    /// Invalid operation.
    public static final int IE = 1;

    /// Denormal operand.
    public static final int DE = 1 << 1;

    /// Division by zero.
    public static final int ZE = 1 << 2;

    /// Overflow.
    public static final int OE = 1 << 3;

    /// Underflow.
    public static final int UE = 1 << 4;

    /// The result is not exact.
    public static final int PE = 1 << 5;

    /// All exceptions, and their masks in the control word.
    public static final int EXCEPTIONS = IE | DE | ZE | OE | UE | PE;

    /// Those after which nothing is written, if they are not masked.
    public static final int BEFORE = IE | DE | ZE;

    /// With [#IE]: a register was empty, or was not.
    public static final int STACK_FAULT = 1 << 6;

    /// An exception waits to be taken.
    public static final int ES = 1 << 7;

    public static final int C0 = 1 << 8;
    public static final int C1 = 1 << 9;
    public static final int C2 = 1 << 10;
    public static final int TOP_SHIFT = 11;
    public static final int TOP = 7 << TOP_SHIFT;
    public static final int C3 = 1 << 14;

    /// The same as [#ES].
    public static final int BUSY = 1 << 15;

    /// The control word after `fninit`: all exceptions masked, 64 bits of precision.
    public static final int CONTROL_RESET = 0x37f;

    /// What can be set in the control word.
    public static final int CONTROL_BITS = 0x1f7f;

    /// What is always set there.
    public static final int CONTROL_FIXED = 0x40;

    private static final int PRECISION_SHIFT = 8;
    private static final int ROUNDING_SHIFT = 10;

    private X87() {}

    /// How results are rounded: 0 to nearest, 1 down, 2 up, 3 towards zero.
    public static int rounding(final long control) {
        return (int) control >> ROUNDING_SHIFT & 3;
    }

    /// The bits of a significand: 24, 53 or 64.
    public static int precision(final long control) {
        return switch ((int) control >> PRECISION_SHIFT & 3) {
            case 0 -> 24;
            case 2 -> 53;
            default -> 64;
        };
    }

    /// Which of these exceptions are not masked.
    public static int unmasked(final long control, final int exceptions) {
        return exceptions & ~(int) control & EXCEPTIONS;
    }

    /// Whether an exception waits to be taken.
    public static boolean isPending(final long[] slots) {
        return unmasked(slots[Slots.X87_CONTROL], (int) slots[Slots.X87_STATUS]) != 0;
    }

    /// The status word as software sees it.
    public static long status(final long[] slots) {
        return slots[Slots.X87_STATUS] | (isPending(slots) ? ES | BUSY : 0);
    }

    /// Loads the status word: ES and B are not kept, they follow from the control word.
    public static void setStatus(final long[] slots, final long status) {
        slots[Slots.X87_STATUS] = status & 0xffff & ~(long) (ES | BUSY);
    }

    public static void setControl(final long[] slots, final long control) {
        slots[Slots.X87_CONTROL] = (control & CONTROL_BITS) | CONTROL_FIXED;
    }

    public static int top(final long[] slots) {
        return (int) slots[Slots.X87_STATUS] >> TOP_SHIFT & 7;
    }

    public static void setTop(final long[] slots, final int top) {
        slots[Slots.X87_STATUS] = (slots[Slots.X87_STATUS] & ~(long) TOP) | (top & 7) << TOP_SHIFT;
    }

    /// The physical register that is ST(i) now.
    public static int physical(final long[] slots, final int i) {
        return top(slots) + i & 7;
    }

    /// The slot of ST(i)'s significand; its sign and exponent are in the next one.
    public static int slot(final long[] slots, final int i) {
        return Slots.X87 + 2 * physical(slots, i);
    }

    public static boolean isEmpty(final long[] slots, final int i) {
        return (slots[Slots.X87_TAGS] >> physical(slots, i) & 1) == 0;
    }

    public static void setEmpty(final long[] slots, final int i) {
        slots[Slots.X87_TAGS] &= ~(1L << physical(slots, i));
    }

    public static void setFull(final long[] slots, final int i) {
        slots[Slots.X87_TAGS] |= 1L << physical(slots, i);
    }

    /// What `fninit` leaves: registers keep what they hold, but are empty.
    public static void reset(final long[] slots) {
        slots[Slots.X87_CONTROL] = CONTROL_RESET;
        slots[Slots.X87_STATUS] = 0;
        slots[Slots.X87_TAGS] = 0;
        slots[Slots.X87_INSTRUCTION] = 0;
        slots[Slots.X87_DATA] = 0;
        slots[Slots.X87_OPCODE] = 0;
        slots[Slots.X87_SELECTORS] = 0;
    }
}
