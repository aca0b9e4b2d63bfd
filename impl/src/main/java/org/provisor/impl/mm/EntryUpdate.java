// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// Changes one entry of a validated table that the caller has locked: what the new entry holds is
/// taken, the entry stored, what the old one held let go.
///
/// @xen xen/arch/x86/mm.c, mod_l1_entry to mod_l4_entry
final class EntryUpdate {

    private EntryUpdate() {}

    /// Changes an entry of a level 1 table of `tableOwner`, to map a frame said to be of
    /// `dataOwner`.
    ///
    /// @param keepAccessed whether the processor's marks in the old entry are kept
    @Refines("mm.entry.update-l1")
    static int level1(
            final Vcpu by,
            final long table,
            final int slot,
            final long wanted,
            final boolean keepAccessed,
            final Domain tableOwner,
            final int dataOwner) {
        final Host host = by.host;
        if ((wanted & Pte.PRESENT) == 0) {
            L1Entries.put(by, host.exchangeEntry(table, slot, wanted, keepAccessed));
            return 0;
        }
        if ((wanted & tableOwner.forbiddenL1) != 0) {
            return -EINVAL;
        }
        final long adjusted = EntryFlags.adjustedL1(wanted);
        if (EntryFlags.sameReferences(host.entry(table, slot), adjusted)) {
            host.exchangeEntry(table, slot, adjusted, keepAccessed);
            return 0;
        }
        final int result = L1Entries.get(by, adjusted, tableOwner, dataOwner);
        if (result == 0) {
            L1Entries.put(by, host.exchangeEntry(table, slot, by.taken, keepAccessed));
        }
        return result;
    }

    /// Changes an entry of a level 2, 3 or 4 table of `owner`. What the old one led to is left to
    /// the calling vCPU.
    ///
    /// @param keepAccessed whether the processor's marks in the old entry are kept
    @Refines("mm.entry.update-table")
    static int table(
            final Vcpu by,
            final long table,
            final int level,
            final int slot,
            final long wanted,
            final boolean keepAccessed,
            final Domain owner) {
        final Host host = by.host;
        if (!GuestSlots.isGuest(level, slot)) {
            return -EINVAL;
        }
        if ((wanted & Pte.PRESENT) == 0) {
            final long old = host.exchangeEntry(table, slot, wanted, keepAccessed);
            TableEntries.defer(by, old, table);
            return 0;
        }
        if ((wanted & EntryFlags.FORBIDDEN) != 0) {
            return -EINVAL;
        }
        final long adjusted = EntryFlags.adjustedTable(level, wanted);
        if (EntryFlags.sameReferences(host.entry(table, slot), adjusted)) {
            host.exchangeEntry(table, slot, adjusted, keepAccessed);
            return 0;
        }
        final int result = TableEntries.get(by, level, adjusted, table, owner, false, false);
        if (result == 0) {
            final long old = host.exchangeEntry(table, slot, adjusted, keepAccessed);
            TableEntries.defer(by, old, table);
        }
        return result;
    }
}
