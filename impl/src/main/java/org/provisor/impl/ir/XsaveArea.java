// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.cpu.Xcr0;

import java.util.Arrays;

/// The 576 bytes of `xsave`, `xsaveopt` and `xrstor`, with what there is: the x87 FPU and XMM
/// registers, in the standard form.
///
/// ```
///     0  as with fxsave: see FxArea
///   512  a bit for each part of the state that is not as after a reset: XSTATE_BV
///   520  0, or xrstor is #GP: XCOMP_BV, and 8 bytes that are reserved
///   536  not looked at
/// ```
///
/// @sdm 1, "XSAVE Area"; 1, "Operation of XSAVE"; 1, "Operation of XRSTOR"
public final class XsaveArea {

    public static final int BYTES = 576;
    public static final int ALIGNMENT = 64;

    /// Where its header is.
    public static final int HEADER = 512;

    private static final int PRESENT = HEADER;
    private static final int COMPACTED = 520;
    private static final int RESERVED = 528;

    private XsaveArea() {}

    /// Parts of the state that are not as after a reset. MXCSR does not count.
    public static long inUse(final long[] slots) {
        return (isX87Reset(slots) ? 0 : Xcr0.X87) | (isXmmZero(slots) ? 0 : Xcr0.SSE);
    }

    private static boolean isXmmZero(final long[] slots) {
        for (int i = Slots.XMM; i < Slots.XMM_END; i++) {
            if (slots[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isX87Reset(final long[] slots) {
        long rest = slots[Slots.X87_STATUS] | slots[Slots.X87_TAGS] | slots[Slots.X87_OPCODE];
        rest |= slots[Slots.X87_INSTRUCTION] | slots[Slots.X87_DATA] | slots[Slots.X87_SELECTORS];
        for (int i = Slots.X87; i < Slots.X87_END; i++) {
            rest |= slots[i];
        }
        return rest == 0 && slots[Slots.X87_CONTROL] == X87.CONTROL_RESET;
    }

    /// Writes what `xsave` or `xsaveopt` writes.
    ///
    /// @param address a multiple of 64; all of the area can be accessed
    /// @param kind 3 if pointers have 8 bytes, 2 if they have not, 1 if there are but 8 XMM
    ///   registers
    /// @param wanted which parts, of those that XCR0 has
    /// @param optimised whether parts that are as after a reset are left alone
    public static void save(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final int kind,
            final long wanted,
            final boolean optimised) {
        final long inUse = inUse(slots);
        final long written = optimised ? wanted & inUse : wanted;
        if ((written & Xcr0.X87) != 0) {
            FxArea.saveX87(slots, memory, address, kind);
        }
        if ((wanted & Xcr0.SSE) != 0) {
            FxArea.saveMxcsr(slots, memory, address);
        }
        if ((written & Xcr0.SSE) != 0) {
            FxArea.saveXmm(slots, memory, address, kind);
        }
        final long before = memory.load(address + PRESENT, Long.BYTES);
        memory.store(address + PRESENT, Long.BYTES, (before & ~wanted) | (inUse & wanted));
    }

    /// Reads what `xrstor` reads; parts that the area has not become as after a reset.
    ///
    /// @param address a multiple of 64; all of the area can be accessed
    /// @param kind as above
    /// @param wanted as above
    /// @param enabled XCR0
    /// @return whether it did: not if the header is wrong, or a reserved bit of MXCSR is set
    public static boolean restore(
            final long[] slots,
            final LinearMemory memory,
            final long address,
            final int kind,
            final long wanted,
            final long enabled) {
        final long present = memory.load(address + PRESENT, Long.BYTES);
        final long rest =
                memory.load(address + COMPACTED, Long.BYTES)
                        | memory.load(address + RESERVED, Long.BYTES);
        final boolean sse = (wanted & Xcr0.SSE) != 0;
        if (rest != 0
                || (present & ~enabled) != 0
                || (sse && !FxArea.isMxcsrGood(memory, address))) {
            return false;
        }
        if ((wanted & present & Xcr0.X87) != 0) {
            FxArea.restoreX87(slots, memory, address, kind);
        } else if ((wanted & Xcr0.X87) != 0) {
            X87.reset(slots);
            Arrays.fill(slots, Slots.X87, Slots.X87_END, 0);
        }
        if (sse) {
            FxArea.restoreMxcsr(slots, memory, address);
        }
        if ((wanted & present & Xcr0.SSE) != 0) {
            FxArea.restoreXmm(slots, memory, address, kind);
        } else if (sse) {
            Arrays.fill(slots, Slots.XMM, kind == 1 ? Slots.xmm(8) : Slots.XMM_END, 0);
        }
        return true;
    }
}
