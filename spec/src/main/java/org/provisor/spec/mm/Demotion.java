// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.x86.Pte;

/// Taking a page table apart when its last type reference goes: every entry lets go of what it
/// held.
///
/// @xen xen/arch/x86/mm.c, devalidate_page
public final class Demotion {

    private Demotion() {}

    /// Drops the last type reference of a page table.
    ///
    /// | row | taking it apart        | outcome                                                   |
    /// |-----|------------------------|-----------------------------------------------------------|
    /// | a   | comes to its end       | nobody holds it; its contents are the guest's again        |
    /// | b   | is preempted           | partial, and one general reference more                   |
    ///
    /// If it was partial before, the general reference that went with that is dropped.
    ///
    /// @xen xen/arch/x86/mm.c, _put_final_page_type
    @Clause(
            value = "mm.demote",
            rows = {"a", "b"},
            covers = {"PA-1", "PA-2", "PA-3"})
    static Step last(Step at, Mfn mfn) {
        boolean wasPartial = at.frame(mfn).use().partial();
        Step apart = apart(at, mfn);
        Frame frame = apart.frame(mfn);
        Step done =
                apart.preempted()
                        ? References.takeMore(
                                        apart.with(
                                                mfn,
                                                frame.withUse(
                                                        frame.use()
                                                                .withValidity(Validity.PARTIAL))),
                                        mfn)
                                .row("mm.demote/b")
                        : PageTypes.released(apart, mfn).row("mm.demote/a");
        return wasPartial ? References.put(done, mfn) : done;
    }

    /// Takes a validated or partial table apart, as far as preemption lets it. The type reference
    /// stays; the table is neither validated nor partial afterwards.
    static Step apart(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        TypeUse use = frame.use();
        Table table = use.partial() ? use.table() : use.table().at(at.profile().slots(), false);
        TypeUse open = use.withValidity(Validity.UNCHECKED).withTable(table);
        Step started = at.with(mfn, frame.withUse(open));
        return use.type().level() == 1 ? entries(started, mfn) : tables(started, mfn);
    }

    /// Takes a level 1 table apart, all at once.
    ///
    /// @xen xen/arch/x86/mm.c, demote_l1_table
    @Clause("mm.demote.l1")
    private static Step entries(Step start, Mfn mfn) {
        Domain owner = start.domain(start.frame(mfn).owner());
        Contents contents = start.frame(mfn).table().contents();
        Step at = start;
        for (int slot = 0; slot < at.profile().slots(); slot++) {
            at = L1Entries.put(at, contents.entry(slot), owner);
        }
        return at;
    }

    /// Takes a level 2, 3 or 4 table apart, from the last entry that holds anything to the first.
    ///
    /// | row | after or at an entry                              | outcome                        |
    /// |-----|---------------------------------------------------|--------------------------------|
    /// | a   | taking apart the table below is preempted         | preempted at it; it stays held |
    /// | b   | the preemption check answers yes                  | preempted after the entry      |
    /// | c   | none is left                                      | done                           |
    ///
    /// No check is made after the first entry, nor at level 4.
    ///
    /// @xen xen/arch/x86/mm.c, demote_l2_table to demote_l4_table
    @Clause(
            value = "mm.demote.table",
            rows = {"a", "b", "c"},
            covers = {"PA-1", "PA-3", "CNT-1"})
    private static Step tables(Step start, Mfn mfn) {
        Frame frame = start.frame(mfn);
        Table table = frame.table();
        int level = frame.use().type().level();
        Domain owner = start.domain(frame.owner());
        boolean held = table.partialEntry();
        // As it was when this began: in a circle the table's last type reference goes on the way.
        Contents contents = table.contents();
        Step at = start;
        int first = table.validated() - (held ? 0 : 1);
        for (int slot = first; slot >= 0; slot = next(at, contents, slot)) {
            if (GuestSlots.isGuest(at, mfn, level, slot, owner)) {
                Pte entry = contents.entry(slot);
                Step put = TableEntries.put(at, entry, mfn, held);
                if (put.preempted()) {
                    return stopped(put, mfn, slot, true).row("mm.demote.table/a");
                }
                at =
                        level == 3
                                ? put.store(mfn, slot, EntryFlags.restoredL3(entry, owner).bits())
                                : put;
            }
            held = false;
            if (slot > 0 && level < 4) {
                if (at.preemptionDue()) {
                    return stopped(at, mfn, slot, false)
                            .ending(Result.PREEMPTED)
                            .row("mm.demote.table/b");
                }
                at = at.checked();
            }
        }
        return at.row("mm.demote.table/c");
    }

    /// The slot to look at next, see [TableValidation#tables]: an entry that is not present holds
    /// nothing.
    private static int next(Step at, Contents contents, int slot) {
        return at.preemptible() ? slot - 1 : contents.presentUpTo(slot - 1);
    }

    private static Step stopped(Step at, Mfn mfn, int slot, boolean held) {
        Frame frame = at.frame(mfn);
        return at.with(mfn, frame.withTable(frame.table().at(slot, held)));
    }
}
