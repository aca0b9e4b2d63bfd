// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;

/// The 512 bytes of `fxsave` and `fxrstor`.
///
/// ```
///     0  FCW, FSW, FTW with a bit for each register, FOP; FIP; FDP; MXCSR, its mask
///    32  ST0 to ST7, 16 bytes each
///   160  XMM0 to XMM15
///   416  not written
/// ```
///
/// FIP and FDP have 8 bytes, with REX.W, or 4, and a selector behind them. They and FOP are 0
/// unless an exception of the x87 FPU waits, as AMD's processors have it.
///
/// @sdm 2, "FXSAVE—Save x87 FPU, MMX Technology, and SSE State"
public final class FxArea {

    public static final int BYTES = 512;
    public static final int ALIGNMENT = 16;

    /// How many bytes are looked at before whether the area is aligned.
    public static final int FIRST_BYTES = 4;

    private static final int MXCSR = 24;
    private static final int XMM = 160;
    private static final int END = 416;
    private static final int END_OF_8 = 288;

    private static final int CONTROL = 0;
    private static final int STATUS = 2;
    private static final int TAGS = 4;
    private static final int OPCODE = 6;
    private static final int INSTRUCTION = 8;
    private static final int DATA = 16;
    private static final int REGISTERS = 32;
    private static final int REGISTER_BYTES = 16;

    private FxArea() {}

    /// Writes what `fxsave` writes.
    ///
    /// @param address a multiple of 16; all of the area can be accessed
    /// @param kind 3 if pointers have 8 bytes, 2 if they have not, 1 if there are but 8 XMM
    ///   registers
    public static void save(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        saveX87(slots, memory, address, kind);
        saveMxcsr(slots, memory, address);
        saveXmm(slots, memory, address, kind);
    }

    static void saveMxcsr(final long[] slots, final LinearMemory memory, final long address) {
        final long mxcsr = slots[Slots.MXCSR] | (long) Mxcsr.ALL << Integer.SIZE;
        memory.store(address + MXCSR, Long.BYTES, mxcsr);
    }

    static void saveXmm(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        for (int at = XMM; at < end(kind); at += Long.BYTES) {
            memory.store(address + at, Long.BYTES, slots[Slots.XMM + (at - XMM) / Long.BYTES]);
        }
    }

    static void saveX87(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        final boolean wide = kind == 3;
        final boolean pending = X87.isPending(slots);
        memory.store(address + CONTROL, 2, slots[Slots.X87_CONTROL]);
        memory.store(address + STATUS, 2, X87.status(slots));
        memory.store(address + TAGS, 2, slots[Slots.X87_TAGS]);
        memory.store(address + OPCODE, 2, pending ? slots[Slots.X87_OPCODE] : 0);
        final long selectors = slots[Slots.X87_SELECTORS];
        final long instruction = pointer(slots[Slots.X87_INSTRUCTION], selectors & 0xffff, wide);
        final long data = pointer(slots[Slots.X87_DATA], selectors >> 16 & 0xffff, wide);
        memory.store(address + INSTRUCTION, Long.BYTES, pending ? instruction : 0);
        memory.store(address + DATA, Long.BYTES, pending ? data : 0);
        for (int i = 0; i < 8; i++) {
            final long at = address + REGISTERS + (long) REGISTER_BYTES * i;
            final int slot = X87.slot(slots, i);
            memory.store(at, Long.BYTES, slots[slot]);
            memory.store(at + Long.BYTES, Long.BYTES, slots[slot + 1]);
        }
    }

    private static int end(final int kind) {
        return kind == 1 ? END_OF_8 : END;
    }

    private static long pointer(final long to, final long selector, final boolean wide) {
        return wide ? to : (to & 0xffff_ffffL) | selector << Integer.SIZE;
    }

    /// 57 bits of an address are kept.
    private static long address(final long pointer, final boolean wide) {
        return wide ? pointer << 7 >> 7 : pointer & 0xffff_ffffL;
    }

    /// Reads what `fxrstor` reads.
    ///
    /// @param address a multiple of 16; all of the area can be accessed
    /// @param kind as above
    /// @return whether it did: not if a reserved bit of MXCSR is set
    public static boolean restore(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        if (!isMxcsrGood(memory, address)) {
            return false;
        }
        restoreMxcsr(slots, memory, address);
        restoreX87(slots, memory, address, kind);
        restoreXmm(slots, memory, address, kind);
        return true;
    }

    static boolean isMxcsrGood(final LinearMemory memory, final long address) {
        return (memory.load(address + MXCSR, Integer.BYTES) & ~(long) Mxcsr.ALL) == 0;
    }

    static void restoreMxcsr(final long[] slots, final LinearMemory memory, final long address) {
        slots[Slots.MXCSR] = memory.load(address + MXCSR, Integer.BYTES);
    }

    static void restoreXmm(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        for (int at = XMM; at < end(kind); at += Long.BYTES) {
            slots[Slots.XMM + (at - XMM) / Long.BYTES] = memory.load(address + at, Long.BYTES);
        }
    }

    static void restoreX87(
            final long[] slots, final LinearMemory memory, final long address, final int kind) {
        final boolean wide = kind == 3;
        X87.setControl(slots, memory.load(address + CONTROL, 2));
        X87.setStatus(slots, memory.load(address + STATUS, 2));
        slots[Slots.X87_TAGS] = memory.load(address + TAGS, 1);
        slots[Slots.X87_OPCODE] = memory.load(address + OPCODE, 2) & 0x7ff;
        final long instruction = memory.load(address + INSTRUCTION, Long.BYTES);
        final long data = memory.load(address + DATA, Long.BYTES);
        slots[Slots.X87_INSTRUCTION] = address(instruction, wide);
        slots[Slots.X87_DATA] = address(data, wide);
        slots[Slots.X87_SELECTORS] =
                wide
                        ? 0
                        : (instruction >>> Integer.SIZE & 0xffff)
                                | (data >>> Integer.SIZE & 0xffff) << 16;
        for (int i = 0; i < 8; i++) {
            final long at = address + REGISTERS + (long) REGISTER_BYTES * i;
            final int slot = X87.slot(slots, i);
            slots[slot] = memory.load(at, Long.BYTES);
            slots[slot + 1] = memory.load(at + Long.BYTES, 2);
        }
    }
}
