// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// Which flags a 64-bit guest may put into a page-table entry, and how the entry is stored.
///
/// @xen xen/arch/x86/mm.c, base_disallow_mask
/// @xen xen/arch/x86/pv/mm.h, adjust_guest_l1e to adjust_guest_l4e
final class EntryFlags {

    /// The flags that no present entry may have above level 1; level 1 may have a few of them.
    static final long FORBIDDEN =
            ~(Pte.ADDRESS
                    | Pte.PRESENT
                    | Pte.RW
                    | Pte.USER
                    | Pte.ACCESSED
                    | Pte.DIRTY
                    | Pte.AVAILABLE
                    | Pte.AVAILABLE_HIGH
                    | Pte.NX);

    /// What may change without references being taken anew.
    private static final long FREE_TO_CHANGE =
            Pte.NX
                    | Pte.AVAILABLE_HIGH
                    | Pte.AVAILABLE
                    | Pte.GLOBAL
                    | Pte.DIRTY
                    | Pte.ACCESSED
                    | Pte.USER;

    private EntryFlags() {}

    /// A level 1 entry as it is stored: the guest's kernel and its user mode both run in ring 3.
    @Refines("mm.entry.adjust")
    static long adjustedL1(final long entry) {
        if ((entry & Pte.PRESENT) == 0) {
            return entry;
        }
        final long marked = (entry & Pte.USER) != 0 ? entry : entry | Pte.GUEST_KERNEL | Pte.USER;
        return (marked & Pte.GUEST_KERNEL) != 0 ? marked : marked | Pte.GLOBAL | Pte.USER;
    }

    /// A present entry of level 2, 3 or 4 as it is stored.
    @Refines("mm.entry.adjust")
    static long adjustedTable(final int level, final long entry) {
        return entry | Pte.USER | (level == 4 ? Pte.ACCESSED : 0);
    }

    /// The flags that no present level 1 entry may have in a table of a domain.
    @Refines("mm.entry.allowed-flags")
    static long forbiddenL1(final boolean mayChooseMemoryType) {
        return FORBIDDEN & ~(Pte.GLOBAL | (mayChooseMemoryType ? Pte.CACHING : 0));
    }

    /// Whether an entry may become another without its references being taken anew.
    @Refines("mm.entry.free-to-change")
    static boolean sameReferences(final long old, final long now) {
        return ((old ^ now) & ~FREE_TO_CHANGE) == 0;
    }
}
