// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;

/// The 512 bytes of `fxsave` and `fxrstor`.
///
/// ```
///     0  FCW, FSW, FTW, FOP; FIP; FDP; MXCSR, its mask
///    32  ST0 to ST7, 16 bytes each
///   160  XMM0 to XMM15
///   416  not written
/// ```
///
/// There is no x87 FPU but for its control word: what is saved is one after `fninit`, and what is
/// loaded is not kept.
///
/// @sdm 2, "FXSAVE—Save x87 FPU, MMX Technology, and SSE State"
public final class FxArea {

    private static final int MXCSR = 24;
    private static final int XMM = 160;
    private static final int END = 416;
    private static final int LAST_WORD = 512 - Long.BYTES;

    /// What can be set in the control word of an x87 FPU.
    static final long CONTROL_BITS = 0x1f7f;

    /// What is always set there.
    static final long CONTROL_FIXED = 0x40;

    private FxArea() {}

    /// Writes what `fxsave` writes.
    ///
    /// @param address a multiple of 16
    public static void save(final long[] slots, final LinearMemory memory, final long address) {
        memory.loadForWrite(address, Long.BYTES);
        memory.loadForWrite(address + LAST_WORD, Long.BYTES);
        memory.store(address, Long.BYTES, slots[Slots.X87_CONTROL]);
        for (int at = Long.BYTES; at < XMM; at += Long.BYTES) {
            memory.store(address + at, Long.BYTES, 0);
        }
        final long mxcsr = slots[Slots.MXCSR] | (long) Mxcsr.ALL << Integer.SIZE;
        memory.store(address + MXCSR, Long.BYTES, mxcsr);
        for (int at = XMM; at < END; at += Long.BYTES) {
            memory.store(address + at, Long.BYTES, slots[Slots.XMM + (at - XMM) / Long.BYTES]);
        }
    }

    /// Reads what `fxrstor` reads.
    ///
    /// @param address a multiple of 16
    /// @return whether it did: not if a reserved bit of MXCSR is set
    public static boolean restore(
            final long[] slots, final LinearMemory memory, final long address) {
        memory.load(address, Long.BYTES);
        memory.load(address + LAST_WORD, Long.BYTES);
        final long mxcsr = memory.load(address + MXCSR, Integer.BYTES);
        if ((mxcsr & ~(long) Mxcsr.ALL) != 0) {
            return false;
        }
        slots[Slots.MXCSR] = mxcsr;
        slots[Slots.X87_CONTROL] = (memory.load(address, 2) & CONTROL_BITS) | CONTROL_FIXED;
        for (int at = XMM; at < END; at += Long.BYTES) {
            slots[Slots.XMM + (at - XMM) / Long.BYTES] = memory.load(address + at, Long.BYTES);
        }
        return true;
    }
}
