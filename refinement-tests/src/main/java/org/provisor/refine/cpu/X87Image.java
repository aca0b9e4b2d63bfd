// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The x87 FPU as `fxsave64` writes it and as `fxrstor` reads it: with pointers of 4 bytes, and
/// with selectors. Of the implementation it uses only where registers are, so that an error in the
/// implementation's own image shows.
final class X87Image {

    static final int BYTES = 512;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private X87Image() {}

    /// Writes it; MXCSR and XMM registers are others' affair.
    static void write(final long[] slots, final MemorySegment image) {
        image.set(SHORT, 0, (short) slots[Slots.X87_CONTROL]);
        image.set(SHORT, 2, (short) slots[Slots.X87_STATUS]);
        image.set(SHORT, 4, (short) slots[Slots.X87_TAGS]);
        image.set(SHORT, 6, (short) slots[Slots.X87_OPCODE]);
        final long selectors = slots[Slots.X87_SELECTORS];
        image.set(LONG, 8, slots[Slots.X87_INSTRUCTION] | (selectors & 0xffff) << 32);
        image.set(LONG, 16, slots[Slots.X87_DATA] | (selectors >> 16) << 32);
        image.set(LONG, 24, Mxcsr.RESET);
        final int top = (int) slots[Slots.X87_STATUS] >> X87.TOP_SHIFT & 7;
        for (int i = 0; i < 8; i++) {
            final int slot = Slots.X87 + 2 * (top + i & 7);
            image.set(LONG, 32 + 16 * i, slots[slot]);
            image.set(LONG, 40 + 16 * i, slots[slot + 1]);
        }
    }

    /// Whether the last instruction and operand are where an image has room to say.
    static boolean canState(final long[] slots) {
        return (slots[Slots.X87_INSTRUCTION] | slots[Slots.X87_DATA]) >>> 32 == 0;
    }

    static void read(final MemorySegment image, final long[] slots) {
        final int status = image.get(SHORT, 2) & 0xffff;
        slots[Slots.X87_CONTROL] = image.get(SHORT, 0) & 0xffff;
        slots[Slots.X87_STATUS] = status;
        slots[Slots.X87_TAGS] = image.get(SHORT, 4) & 0xffff;
        slots[Slots.X87_OPCODE] = image.get(SHORT, 6) & 0xffff;
        slots[Slots.X87_INSTRUCTION] = image.get(LONG, 8);
        slots[Slots.X87_DATA] = image.get(LONG, 16);
        for (int i = 0; i < 8; i++) {
            final int slot = Slots.X87 + 2 * ((status >> X87.TOP_SHIFT) + i & 7);
            slots[slot] = image.get(LONG, 32 + 16 * i);
            slots[slot + 1] = image.get(SHORT, 40 + 16 * i) & 0xffff;
        }
    }
}
