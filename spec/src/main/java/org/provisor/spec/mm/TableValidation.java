// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.x86.Pte;

/// Checking a table above level 1: every entry leads to a table that is itself checked.
///
/// @xen xen/arch/x86/mm.c, promote_l2_table to promote_l4_table
public final class TableValidation {

    private TableValidation() {}

    /// Checks a level 2, 3 or 4 table, from where an earlier check stopped.
    ///
    /// | row | at an entry                                   | outcome                            |
    /// |-----|-----------------------------------------------|------------------------------------|
    /// | a   | the preemption check answers yes              | preempted before the entry         |
    /// | b   | the check of the table below is preempted     | preempted at it; it stays held     |
    /// | c   | it cannot be held, and nothing is held here or below | its error                   |
    /// | d   | it cannot be held, but it or others are       | its error; the caller has this table to finish |
    /// | e   | none is left                                  | held, and stored as adjusted       |
    ///
    /// The preemption check is made at each entry but the one started with, so that each attempt
    /// gets further; at level 4 none is made. Xen's slots are not looked at; they are written when
    /// the check succeeds. In row d it or entries before it hold references, from this attempt or
    /// an earlier one, that somebody has to drop.
    ///
    /// @xen xen/arch/x86/mm.c, promote_l2_table to promote_l4_table
    @Clause(
            value = "mm.validate.table",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"PA-1", "PA-3", "CNT-1", "L2-2", "L3-2", "L4-1"})
    static Step tables(Step start, Mfn mfn, int level) {
        Frame frame = start.frame(mfn);
        Domain owner = start.domain(frame.owner());
        Step at = level == 3 && owner.bits32() ? clearedBeyondFour(start, mfn) : start;
        int first = frame.table().validated();
        boolean held = frame.table().partialEntry();
        Machine looked = at.machine();
        Contents contents = contents(at, mfn);
        int end = GuestSlots.end(at.profile(), level, owner);
        for (int slot = first; slot < end; slot = next(at, contents, slot, owner)) {
            if (slot > first && level < 4) {
                if (at.preemptionDue()) {
                    return stopped(at, mfn, slot, false)
                            .ending(Result.PREEMPTED)
                            .row("mm.validate.table/a");
                }
                at = at.checked();
            }
            if (GuestSlots.isGuest(at, mfn, level, slot, owner)) {
                Step taken = one(at, mfn, level, slot, contents.entry(slot), owner, held);
                if (taken.failed()) {
                    return ended(taken, mfn, level, slot, held, owner);
                }
                at = taken;
            }
            held = false;
            if (!at.sameMachine(looked)) {
                looked = at.machine();
                contents = contents(at, mfn);
            }
        }
        Step checked = level == 4 ? xenSlots(at, mfn, owner) : xenSlotsOfL2(at, mfn);
        return checked.row("mm.validate.table/e");
    }

    /// The slot to look at next. An entry that is not present needs nothing of a 64-bit guest: only
    /// a preemption check that may answer yes has to be made there too.
    private static int next(Step at, Contents contents, int slot, Domain owner) {
        return at.preemptible() || owner.bits32() ? slot + 1 : contents.present(slot + 1);
    }

    private static Step one(
            Step at, Mfn mfn, int level, int slot, Pte entry, Domain owner, boolean held) {
        boolean xenL2 = GuestSlots.leadsToXenL2(level, slot, owner);
        if (!entry.present() && !xenL2) {
            return at;
        }
        Step taken =
                xenL2
                        ? TableEntries.getXenL2(at, entry, owner, held)
                        : TableEntries.get(at, level, entry, mfn, owner, held, level > 2);
        return taken.failed()
                ? taken
                : taken.store(mfn, slot, EntryFlags.adjusted(level, entry, owner).bits());
    }

    private static Step ended(
            Step taken, Mfn mfn, int level, int slot, boolean held, Domain owner) {
        if (taken.preempted()) {
            return stopped(taken, mfn, slot, true).row("mm.validate.table/b");
        }
        Step at = level == 3 ? restored(taken, mfn, slot, owner) : taken;
        boolean below = at.vcpu().unfinished().isDefined();
        if (slot == 0 && !below && !held) {
            return at.row("mm.validate.table/c");
        }
        return stopped(at, mfn, slot, held || below)
                .withVcpu(at.vcpu().withUnfinished(Option.some(Unfinished.of(mfn, true))))
                .row("mm.validate.table/d");
    }

    private static Step stopped(Step at, Mfn mfn, int slot, boolean held) {
        Frame frame = at.frame(mfn);
        return at.with(mfn, frame.withTable(frame.table().at(slot, held)));
    }

    private static Step restored(Step failed, Mfn mfn, int end, Domain owner) {
        Step at = failed;
        for (int slot = end - 1; slot >= 0; slot--) {
            Pte entry = contents(at, mfn).entry(slot);
            at = at.store(mfn, slot, EntryFlags.restoredL3(entry, owner).bits());
        }
        return at;
    }

    private static Step clearedBeyondFour(Step start, Mfn mfn) {
        Step at = start;
        for (int slot = 4; slot < at.profile().slots(); slot++) {
            at = at.store(mfn, slot, 0);
        }
        return at;
    }

    /// Xen's slots of a root: its own mappings, and the machine-to-physical table in slot 256
    /// unless the owner asked for it to be strict.
    ///
    /// @xen xen/arch/x86/mm.c, init_xen_l4_slots
    private static Step xenSlots(Step at, Mfn mfn, Domain owner) {
        boolean shown = owner.assists(VmAssistType.M2P_STRICT);
        Frame frame = at.frame(mfn);
        Table table = frame.table().withRoM2p(shown);
        Contents contents = table.contents();
        for (int slot = at.profile().firstXenSlot(); slot <= at.profile().lastXenSlot(); slot++) {
            contents = contents.with(slot, 0);
        }
        return at.with(mfn, frame.withTable(table.withContents(contents)))
                .stored(new Store.XenSlots(mfn, shown));
    }

    /// Xen's slots of a 32-bit guest's level 2 table that carries Xen's mappings.
    ///
    /// @xen xen/arch/x86/pv/mm.c, init_xen_pae_l2_slots
    private static Step xenSlotsOfL2(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        if (!frame.use().xenL2()) {
            return at;
        }
        Contents contents = frame.table().contents();
        for (int slot = GuestSlots.FIRST_XEN_L2_SLOT_32_BIT; slot < contents.slots(); slot++) {
            contents = contents.with(slot, 0);
        }
        return at.with(mfn, frame.withTable(frame.table().withContents(contents)))
                .stored(new Store.XenSlots(mfn, false));
    }

    private static Contents contents(Step at, Mfn mfn) {
        return at.frame(mfn).table().contents();
    }
}
