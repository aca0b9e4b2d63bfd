// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.mm.LdtMapping;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.pv.Selectors;

/// Loads segment registers as a processor at privilege level 3 does, from the descriptor tables
/// that a guest has set. Of what is loaded only the bases of FS and GS are kept: nothing else
/// counts in 64-bit mode.
///
/// @sdm 3A, "Segment Descriptors"; 2, MOV
/// @xen xen/arch/x86/traps.c, handle_ldt_mapping_fault
final class SegmentLoads {

    private static final int SS = 2;
    private static final int FS = 4;
    private static final int GS = 5;

    private static final int PRIVILEGE = 3;
    private static final int LOCAL = 4;
    private static final int INDEX = ~7;

    /// The first byte of the part of the global table that is Xen's.
    private static final int XENS_PART = 0xE000;

    private static final long ACCESSED = 1L << 40;
    private static final long WRITABLE = 1L << 41;
    private static final long CONFORMING = 1L << 42;
    private static final long CODE = 1L << 43;
    private static final long NOT_SYSTEM = 1L << 44;
    private static final int PRIVILEGE_SHIFT = 45;
    private static final long PRESENT = 1L << 47;

    private final CpuState state;
    private final Vcpu vcpu;

    SegmentLoads(final CpuState state, final Vcpu vcpu) {
        this.state = state;
        this.vcpu = vcpu;
    }

    /// Loads one.
    ///
    /// @param register its number in instructions, not that of CS
    /// @throws CpuFault if the processor refuses, or the guest's table is not there
    void load(final int register, final int selector) {
        if ((selector & ~PRIVILEGE) == 0) {
            if (register == SS) {
                throw state.fault().of(Vectors.GP, 0);
            }
            setBase(register, 0);
            return;
        }
        if ((selector | PRIVILEGE) == Selectors.FLAT_SS) {
            if (register == SS && (selector & PRIVILEGE) != PRIVILEGE) {
                throw refused(Vectors.GP, selector);
            }
            setBase(register, 0);
            return;
        }
        final long at = (selector & LOCAL) != 0 ? inLocalTable(selector) : inGlobalTable(selector);
        final long descriptor = vcpu.host().memory().word(at);
        check(register, selector, descriptor);
        mark(at, descriptor);
        setBase(register, base(descriptor));
    }

    private CpuFault refused(final int vector, final int selector) {
        return state.fault().of(vector, selector & ~PRIVILEGE);
    }

    /// @return the machine address of the descriptor
    private long inLocalTable(final int selector) {
        final int offset = selector & INDEX;
        if (offset >= vcpu.ldtEntries() * Long.BYTES) {
            throw refused(Vectors.GP, selector);
        }
        final int page = offset >>> Addresses.PAGE_SHIFT;
        if (vcpu.ldtFrame(page) == Vcpu.NONE) {
            switch (LdtMapping.map(vcpu, offset)) {
                case LdtMapping.PAGE_FAULT ->
                        throw state.fault().pageFault(0, vcpu.ldtBase() + offset);
                case LdtMapping.GENERAL_PROTECTION ->
                        throw state.fault().of(Vectors.GP, LdtMapping.errorCode(offset));
                default -> {}
            }
        }
        return machine(vcpu.ldtFrame(page), offset);
    }

    /// Where the guest has put nothing the table is zero. Of Xen's part nothing but the flat
    /// segments is for guests.
    private long inGlobalTable(final int selector) {
        final int offset = selector & INDEX;
        if (offset >= XENS_PART || offset >= vcpu.gdtEntries() * Long.BYTES) {
            throw refused(Vectors.GP, selector);
        }
        return machine(vcpu.gdtFrame(offset >>> Addresses.PAGE_SHIFT), offset);
    }

    private static long machine(final long mfn, final int offset) {
        return mfn << Addresses.PAGE_SHIFT | (offset & Addresses.PAGE_OFFSET);
    }

    private void check(final int register, final int selector, final long descriptor) {
        final boolean code = (descriptor & CODE) != 0;
        final boolean writable = !code && (descriptor & WRITABLE) != 0;
        final boolean readable = !code || (descriptor & WRITABLE) != 0;
        final int level = (int) (descriptor >>> PRIVILEGE_SHIFT) & PRIVILEGE;
        final boolean conforms = code && (descriptor & CONFORMING) != 0;
        final boolean suits =
                register == SS
                        ? writable && level == PRIVILEGE && (selector & PRIVILEGE) == PRIVILEGE
                        : readable && (conforms || level == PRIVILEGE);
        if ((descriptor & NOT_SYSTEM) == 0 || !suits) {
            throw refused(Vectors.GP, selector);
        }
        if ((descriptor & PRESENT) == 0) {
            throw refused(register == SS ? Vectors.SS : Vectors.NP, selector);
        }
    }

    /// Another processor may mark it, and the guest change it, at the same time.
    private void mark(final long at, final long descriptor) {
        if ((descriptor & ACCESSED) == 0) {
            vcpu.host().memory().replaceWord(at, descriptor, descriptor | ACCESSED);
        }
    }

    private static long base(final long descriptor) {
        return (descriptor >>> 16 & 0xFF_FFFF) | (descriptor >>> 56) << 24;
    }

    private void setBase(final int register, final long base) {
        if (register == FS) {
            state.set(Slots.FS_BASE, base);
        } else if (register == GS) {
            state.set(Slots.GS_BASE, base);
        }
    }
}
