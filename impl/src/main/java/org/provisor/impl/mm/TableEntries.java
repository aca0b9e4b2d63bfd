// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// What a present entry of a level 2, 3 or 4 table holds: a general and a type reference on the
/// table below, or on another table of its own level.
///
/// @xen xen/arch/x86/mm.c, get_page_from_l2e to get_page_from_l4e, put_pt_page
final class TableEntries {

    private TableEntries() {}

    /// Takes the references of a present entry.
    ///
    /// @param held whether the entry holds a general reference from an earlier attempt
    /// @param remember whether the caller records where it stopped
    @Refines("mm.entry.get-table")
    static int get(
            final Vcpu by,
            final int level,
            final long entry,
            final long container,
            final Domain owner,
            final boolean held,
            final boolean remember) {
        if ((entry & EntryFlags.FORBIDDEN) != 0) {
            return -EINVAL;
        }
        final int below =
                PageTypes.getBoth(by, Pte.mfn(entry), owner.id, level - 1, held, remember);
        if (below != -EINVAL) {
            return below;
        }
        final int linear = LinearTables.get(by, level, entry, container, owner.id);
        if (linear == 0 && held) {
            // It has taken a reference of its own.
            by.host.put(Pte.mfn(entry));
        }
        return linear;
    }

    /// Drops the references of an entry of a table that is being taken apart.
    ///
    /// @param held whether the entry is the one at which an earlier attempt stopped
    @Refines("mm.entry.put-table")
    static int put(final Vcpu by, final long entry, final long container, final boolean held) {
        if ((entry & Pte.PRESENT) == 0 || Pte.mfn(entry) == container) {
            return 0;
        }
        final int result = PageTypes.put(by, Pte.mfn(entry), held, container);
        if (result == 0) {
            by.host.put(Pte.mfn(entry));
        }
        return result;
    }

    /// Leaves an entry that was replaced to the calling vCPU, which takes apart what it led to in
    /// the rest of this call or in its next.
    @Refines("mm.entry.defer-table")
    static void defer(final Vcpu by, final long entry, final long container) {
        if ((entry & Pte.PRESENT) != 0 && Pte.mfn(entry) != container) {
            by.leave(Pte.mfn(entry), container, false);
        }
    }
}
