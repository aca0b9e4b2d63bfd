// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;

/// A vCPU's local descriptor table. The guest says where it is; its pages are held one by one when
/// the processor first loads a descriptor from them.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c
/// @xen xen/arch/x86/pv/mm.c, pv_map_ldt_shadow_page
public final class LdtMapping {

    /// The page is mapped, and the processor tries again.
    public static final int MAPPED = 0;

    /// The guest gets a page fault, at the address of the descriptor.
    public static final int PAGE_FAULT = 1;

    /// The guest gets a general-protection fault with the error code [#errorCode].
    public static final int GENERAL_PROTECTION = 2;

    private static final int MAX_ENTRIES = 8192;
    private static final int TABLE_LOCAL = 4;

    private LdtMapping() {}

    /// `MMUEXT_SET_LDT`: says where the calling vCPU's table is.
    ///
    /// @param entries 32 bits
    @Refines("mm.ldt.set")
    static int set(final Vcpu by, final long base, final long entries) {
        if (entries > MAX_ENTRIES
                || (entries != 0
                        && ((base & Addresses.PAGE_OFFSET) != 0 || !Addresses.ofGuest(base)))) {
            return -EINVAL;
        }
        final long start = entries == 0 ? 0 : base;
        if (by.ldtEntries == entries && by.ldtBase == start) {
            return 0;
        }
        final boolean wasMapped = unmap(by, by);
        by.setLdt(start, (int) entries);
        if (wasMapped) {
            by.host.clock.flush(1L << by.processor);
        }
        return 0;
    }

    /// Drops what is mapped of a vCPU's table.
    ///
    /// @return whether anything was
    @Refines("mm.ldt.destroy")
    static boolean unmap(final Vcpu by, final Vcpu who) {
        boolean mapped = false;
        for (int page = 0; page < Vcpu.LDT_PAGES; page++) {
            final long mfn = who.ldtFrames[page];
            if (mfn != Vcpu.NONE) {
                who.ldtFrames[page] = Vcpu.NONE;
                PageTypes.putBoth(by, mfn);
                mapped = true;
            }
        }
        return mapped;
    }

    /// The processor loads a descriptor from a page of the calling vCPU's table that is not mapped.
    ///
    /// @param offset of the descriptor, less than 8 times their number
    @Refines("mm.ldt.map")
    public static int map(final Vcpu by, final int offset) {
        final Host host = by.host;
        final long linear = by.ldtBase + offset;
        final long entry = GuestWalk.effective(by, linear);
        final long mfn = Pte.mfn(entry);
        if ((entry & Pte.PRESENT) != 0 && host.get(mfn, by.domain.id)) {
            if (PageTypes.get(by, mfn, PageType.SEGMENT_DESCRIPTORS) == 0) {
                by.ldtFrames[offset >>> Addresses.PAGE_SHIFT] = mfn;
                return MAPPED;
            }
            host.put(mfn);
        }
        return Addresses.canonical(linear) ? PAGE_FAULT : GENERAL_PROTECTION;
    }

    /// The error code that names the descriptor at an offset.
    public static int errorCode(final int offset) {
        return (offset & ~3) | TABLE_LOCAL;
    }
}
