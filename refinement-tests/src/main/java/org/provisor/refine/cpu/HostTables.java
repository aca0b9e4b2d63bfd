// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Slots;

/// The descriptor tables of a process on Linux, and the selectors that it starts with. What Linux
/// may have put there or not is [SnippetMemory.Unknown].
///
/// Linux, arch/x86/include/asm/segment.h, GDT_ENTRY_DEFAULT_USER_DS and those around it
final class HostTables implements DescriptorTables {

    /// Selectors of the flat segments of 64-bit user mode.
    static final int CODE = 0x33;

    static final int DATA = 0x2b;

    /// That of flat 32-bit code.
    static final int CODE_32 = 0x23;

    private static final int ENTRIES = 16;
    private static final int LOCAL = 4;

    /// Segments of threads; the number of the processor.
    private static final int UNKNOWN = 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15;

    private static final long CODE_DESCRIPTOR = 0x00AF_FB00_0000_FFFFL;
    private static final long CODE_32_DESCRIPTOR = 0x00CF_FB00_0000_FFFFL;
    private static final long DATA_DESCRIPTOR = 0x00CF_F300_0000_FFFFL;

    private final SnippetMemory.Unknown unknown = new SnippetMemory.Unknown();
    private final LocalTable local;

    /// Whether the snippet knows of 32-bit code and of local segments.
    private boolean all;

    HostTables(final LocalTable local) {
        this.local = local;
    }

    void showAll(final boolean now) {
        all = now;
    }

    /// The selectors of a process as it starts.
    static void start(final CpuState state) {
        for (int i = Slots.SELECTORS; i < Slots.SELECTORS_END; i++) {
            state.set(i, 0);
        }
        state.set(Slots.CS, CODE);
        state.set(Slots.SS, DATA);
    }

    @Override
    public long find(final int selector) {
        final int number = selector >> 3;
        if ((selector & LOCAL) != 0) {
            if (!all && number < local.entries()) {
                throw unknown;
            }
            return number < local.entries() ? number + ENTRIES : BEYOND;
        }
        if (number >= ENTRIES) {
            return BEYOND;
        }
        if (!all && number == CODE_32 >> 3) {
            throw unknown;
        }
        if ((UNKNOWN >> number & 1) != 0) {
            throw unknown;
        }
        return number;
    }

    /// Of those for the kernel nothing can be told from privilege level 3, as of none.
    @Override
    public long read(final long at) {
        if (at >= ENTRIES) {
            return local.descriptor((int) at - ENTRIES);
        }
        return switch ((int) at) {
            case CODE_32 >> 3 -> CODE_32_DESCRIPTOR;
            case CODE >> 3 -> CODE_DESCRIPTOR;
            case DATA >> 3 -> DATA_DESCRIPTOR;
            default -> 0;
        };
    }

    @Override
    public void replace(final long at, final long before, final long now) {
        throw new IllegalStateException("both are marked");
    }

    @Override
    public long register(final int which) {
        throw unknown;
    }
}
