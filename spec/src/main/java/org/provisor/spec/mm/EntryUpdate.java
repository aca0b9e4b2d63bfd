// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.EPERM;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// Changing one entry of a validated page table.
///
/// What the new entry holds is taken before it is stored, and what the old one held is let go
/// after: at no time does the processor walk an entry that holds nothing.
///
/// @xen xen/arch/x86/mm.c, mod_l1_entry to mod_l4_entry
public final class EntryUpdate {

    private EntryUpdate() {}

    /// Changes an entry of a level 1 table of `tableOwner`, to map a frame said to be of
    /// `dataOwner`.
    ///
    /// | row | the new entry                                         | outcome                       |
    /// |-----|-------------------------------------------------------|-------------------------------|
    /// | a   | is present and has a forbidden flag                   | `EINVAL`                      |
    /// | b   | differs from the old one in flags only that hold nothing | stored                     |
    /// | c   | is present and cannot be held                         | as {@link L1Entries#get} says |
    /// | d   | is present                                            | held, stored; the old let go  |
    /// | e   | is not present                                        | stored; the old let go        |
    ///
    /// @param keepAccessed whether the old accessed and dirty bits are kept set
    /// @xen xen/arch/x86/mm.c, mod_l1_entry
    @Clause(
            value = "mm.entry.update-l1",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"UPD-5", "UPD-6", "UPD-7", "L1-10"})
    static Step l1(
            Step at,
            Mfn table,
            int slot,
            Pte wanted,
            boolean keepAccessed,
            Domain tableOwner,
            Domid dataOwner) {
        Pte old = at.frame(table).table().contents().entry(slot);
        if (!wanted.present()) {
            Step stored = stored(at, table, slot, wanted, old, keepAccessed);
            return L1Entries.put(stored.row("mm.entry.update-l1/e"), old, tableOwner);
        }
        if (wanted.has(EntryFlags.forbidden(1, tableOwner))) {
            return at.refuse("mm.entry.update-l1/a", EINVAL);
        }
        Pte adjusted = EntryFlags.adjusted(1, wanted, tableOwner);
        if (EntryFlags.sameReferences(old, adjusted)) {
            return stored(at, table, slot, adjusted, old, keepAccessed).row("mm.entry.update-l1/b");
        }
        L1Entries.Taken taken = L1Entries.get(at, adjusted, tableOwner, dataOwner);
        if (taken.step().failed()) {
            return taken.step().row("mm.entry.update-l1/c");
        }
        Step stored = stored(taken.step(), table, slot, taken.entry(), old, keepAccessed);
        return L1Entries.put(stored.row("mm.entry.update-l1/d"), old, tableOwner);
    }

    /// Changes an entry of a level 2, 3 or 4 table.
    ///
    /// | row | the slot or the new entry                             | outcome                       |
    /// |-----|-------------------------------------------------------|-------------------------------|
    /// | a   | the slot is Xen's, level 2                            | `EPERM`                       |
    /// | b   | the slot is Xen's, level 3 or 4                       | `EINVAL`                      |
    /// | c   | is present and has a forbidden flag                   | `EINVAL`                      |
    /// | d   | differs from the old one in flags only that hold nothing | stored                     |
    /// | e   | is present and cannot be held                         | as {@link TableEntries#get} says |
    /// | f   | is present                                            | held, stored; the old deferred |
    /// | g   | is not present                                        | stored; the old deferred      |
    ///
    /// The table that the old entry led to is left for the calling vCPU to finish. Permission to
    /// write counts as holding something here, since a table may be its own next level.
    ///
    /// @xen xen/arch/x86/mm.c, mod_l2_entry to mod_l4_entry
    @Clause(
            value = "mm.entry.update-table",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"UPD-5", "UPD-6", "UPD-7", "L4-1", "L3-2"})
    static Step table(
            Step at,
            Mfn table,
            int level,
            int slot,
            Pte wanted,
            boolean keepAccessed,
            Domain owner) {
        boolean last32 = level == 3 && owner.bits32() && slot >= TableEntries.XEN_L3_SLOT_32_BIT;
        if (last32 || !GuestSlots.isGuest(at, table, level, slot, owner)) {
            return level == 2
                    ? at.refuse("mm.entry.update-table/a", EPERM)
                    : at.refuse("mm.entry.update-table/b", EINVAL);
        }
        Pte old = at.frame(table).table().contents().entry(slot);
        if (!wanted.present()) {
            Step stored = stored(at, table, slot, wanted, old, keepAccessed);
            return TableEntries.defer(stored.row("mm.entry.update-table/g"), old, table);
        }
        if (wanted.has(EntryFlags.forbidden(level, owner))) {
            return at.refuse("mm.entry.update-table/c", EINVAL);
        }
        Pte adjusted = EntryFlags.adjusted(level, wanted, owner);
        if (EntryFlags.sameReferences(old, adjusted)) {
            return stored(at, table, slot, adjusted, old, keepAccessed)
                    .row("mm.entry.update-table/d");
        }
        Step held = TableEntries.get(at, level, adjusted, table, owner, false, false);
        if (held.failed()) {
            return held.row("mm.entry.update-table/e");
        }
        Step stored = stored(held, table, slot, adjusted, old, keepAccessed);
        return TableEntries.defer(stored.row("mm.entry.update-table/f"), old, table);
    }

    private static Step stored(
            Step at, Mfn table, int slot, Pte entry, Pte old, boolean keepAccessed) {
        long kept = keepAccessed ? old.bits() & (Pte.ACCESSED | Pte.DIRTY) : 0;
        return at.store(table, slot, entry.bits() | kept);
    }
}
