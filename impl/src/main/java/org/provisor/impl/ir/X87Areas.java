// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;

/// The state of the x87 FPU in memory: what `fnstenv` and `fnsave` write.
///
/// ```
///   32-bit layout               16-bit layout
///     0  control word             0  control word
///     4  status word              2  status word
///     8  tag word                 4  tag word
///    12  instruction              6  instruction
///    16  its selector, opcode     8  its selector
///    20  data                    10  data
///    24  its selector            12  its selector
///    28  ST0 to ST7, 10 bytes each, of `fnsave`: behind 14 in the 16-bit layout
/// ```
///
/// The upper halves of the words, and that of the last selector, are ones.
///
/// @sdm 1, "Saving the x87 FPU's State"
public final class X87Areas {

    private static final long ONES = 0xffffL << 16;
    private static final int REGISTER_BYTES = 10;
    private static final int EMPTY = 3;
    private static final int SPECIAL = 2;
    private static final int ZERO = 1;

    private X87Areas() {}

    /// The bytes of all but registers.
    public static int environmentBytes(final boolean narrow) {
        return narrow ? 14 : 28;
    }

    /// The bytes of everything.
    public static int bytes(final boolean narrow) {
        return environmentBytes(narrow) + 8 * REGISTER_BYTES;
    }

    /// Carries out one of the operations of [X87Ops] that have such an area, all of which can be
    /// accessed.
    public static void execute(
            final int op,
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        switch (op) {
            case X87Ops.STENV -> storeEnvironment(slots, memory, address, narrow);
            case X87Ops.LDENV -> loadEnvironment(slots, memory, address, narrow);
            case X87Ops.SAVE -> save(slots, memory, address, narrow);
            default -> restore(slots, memory, address, narrow);
        }
    }

    /// Writes all but registers.
    private static void storeEnvironment(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        writeEnvironment(slots, memory, address, narrow);
        slots[Slots.X87_CONTROL] |= X87.EXCEPTIONS;
    }

    private static void writeEnvironment(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        final long selectors = slots[Slots.X87_SELECTORS];
        final long code = selectors & 0xffff;
        final long data = selectors >> 16 & 0xffff;
        if (narrow) {
            memory.store(address, 2, slots[Slots.X87_CONTROL]);
            memory.store(address + 2, 2, X87.status(slots));
            memory.store(address + 4, 2, tagWord(slots));
            memory.store(address + 6, 2, slots[Slots.X87_INSTRUCTION] & 0xffff);
            memory.store(address + 8, 2, code);
            memory.store(address + 10, 2, slots[Slots.X87_DATA] & 0xffff);
            memory.store(address + 12, 2, data);
        } else {
            memory.store(address, 4, ONES | slots[Slots.X87_CONTROL]);
            memory.store(address + 4, 4, ONES | X87.status(slots));
            memory.store(address + 8, 4, ONES | tagWord(slots));
            memory.store(address + 12, 4, slots[Slots.X87_INSTRUCTION] & 0xffff_ffffL);
            memory.store(address + 16, 4, code | slots[Slots.X87_OPCODE] << 16);
            memory.store(address + 20, 4, slots[Slots.X87_DATA] & 0xffff_ffffL);
            memory.store(address + 24, 4, ONES | data);
        }
    }

    /// Two bits for each physical register: 0 valid, 1 zero, 2 special, 3 empty.
    private static long tagWord(final long[] slots) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word |= (long) tag(slots, i) << (2 * i);
        }
        return word;
    }

    private static int tag(final long[] slots, final int physical) {
        if ((slots[Slots.X87_TAGS] >> physical & 1) == 0) {
            return EMPTY;
        }
        final long bits = slots[Slots.X87 + 2 * physical];
        final int field = (int) slots[Slots.X87 + 2 * physical + 1] & X87Number.MOST_FIELD;
        if (field == 0 && bits == 0) {
            return ZERO;
        }
        return field == 0 || field == X87Number.MOST_FIELD || bits >= 0 ? SPECIAL : 0;
    }

    /// Reads all but registers.
    private static void loadEnvironment(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        final int step = narrow ? 2 : 4;
        final long control = memory.load(address, 2);
        final long status = memory.load(address + step, 2);
        final long tags = memory.load(address + 2L * step, 2);
        final long instruction = memory.load(address + 3L * step, step);
        final long code = memory.load(address + 4L * step, step);
        final long data = memory.load(address + 5L * step, step);
        final long selector = memory.load(address + 6L * step, 2);
        X87.setControl(slots, control);
        X87.setStatus(slots, status);
        long full = 0;
        for (int i = 0; i < 8; i++) {
            full |= (tags >> (2 * i) & 3) == EMPTY ? 0 : 1L << i;
        }
        slots[Slots.X87_TAGS] = full;
        slots[Slots.X87_INSTRUCTION] = instruction;
        slots[Slots.X87_DATA] = data;
        slots[Slots.X87_OPCODE] = narrow ? 0 : code >> 16 & 0x7ff;
        slots[Slots.X87_SELECTORS] = (code & 0xffff) | selector << 16;
    }

    /// Writes everything, and leaves what `fninit` does.
    private static void save(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        writeEnvironment(slots, memory, address, narrow);
        for (int i = 0; i < 8; i++) {
            final long at = address + environmentBytes(narrow) + (long) REGISTER_BYTES * i;
            final int slot = X87.slot(slots, i);
            memory.store(at, 8, slots[slot]);
            memory.store(at + 8, 2, slots[slot + 1]);
        }
        X87.reset(slots);
    }

    /// Reads everything.
    private static void restore(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final boolean narrow) {
        loadEnvironment(slots, memory, address, narrow);
        for (int i = 0; i < 8; i++) {
            final long at = address + environmentBytes(narrow) + (long) REGISTER_BYTES * i;
            final int slot = X87.slot(slots, i);
            slots[slot] = memory.load(at, 8);
            slots[slot + 1] = memory.load(at + 8, 2);
        }
    }
}
