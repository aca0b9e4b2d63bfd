// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.x86.Pte;

/// What a present entry of a level 2, 3 or 4 table holds: a general and a type reference on the
/// table below, or on another table of its own level.
///
/// @xen xen/arch/x86/mm.c, get_page_from_l2e to get_page_from_l4e
public final class TableEntries {

    /// The level 3 slot of a 32-bit guest whose level 2 table carries Xen's mappings.
    static final int XEN_L3_SLOT_32_BIT = 3;

    private TableEntries() {}

    /// Takes the references of a present entry.
    ///
    /// | row | the entry                                     | outcome                            |
    /// |-----|-----------------------------------------------|------------------------------------|
    /// | a   | has a flag that its level forbids             | `EINVAL`                           |
    /// | b   | leads to a table of the level below           | its references are held            |
    /// | c   | leads to a frame that is no such table, level 3 of a 32-bit guest | `EINVAL`       |
    /// | d   | leads to a frame that is no such table        | as {@link LinearTables} says       |
    /// | e   | leads to a table whose check is cut short or refuses otherwise | preempted, or that error |
    ///
    /// In row d a reference that the entry holds from an earlier attempt is dropped where the
    /// linear entry took its own: the frame was not this level's when the attempt stopped.
    ///
    /// @param held whether the entry holds a general reference from an earlier attempt
    /// @param remember whether the caller records where it stopped
    @Clause(
            value = "mm.entry.get-table",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"L2-1", "L3-1", "LIN-3"})
    static Step get(
            Step at,
            int level,
            Pte entry,
            Mfn container,
            Domain owner,
            boolean held,
            boolean remember) {
        if (entry.has(EntryFlags.forbidden(level, owner))) {
            return at.refuse("mm.entry.get-table/a", EINVAL);
        }
        Step below =
                TypedReferences.get(
                        at,
                        entry.mfn(),
                        owner.id(),
                        PageType.ofLevel(level - 1),
                        false,
                        held,
                        remember);
        if (below.ok()) {
            return below.row("mm.entry.get-table/b");
        }
        if (!below.refusedWith(EINVAL)) {
            return below.row("mm.entry.get-table/e");
        }
        if (level == 3 && owner.bits32()) {
            return below.row("mm.entry.get-table/c");
        }
        Step linear =
                LinearTables.get(
                        below.recovered().row("mm.entry.get-table/d"),
                        level,
                        entry,
                        container,
                        owner.id());
        return held && linear.ok() ? References.put(linear, entry.mfn()) : linear;
    }

    /// Takes the references of the last level 3 entry of a 32-bit guest, which must lead to a level
    /// 2 table of its own for Xen's mappings.
    ///
    /// | row | the entry                                       | outcome                          |
    /// |-----|-------------------------------------------------|----------------------------------|
    /// | a   | is not present or has a forbidden flag          | `EINVAL`                         |
    /// | b   | leads to a table whose check is cut short or fails | preempted, or its error       |
    /// | c   | leads to a table that another table uses too    | `EINVAL`, nothing held           |
    /// | d   | leads to a table of its own                     | its references are held          |
    ///
    /// @xen xen/arch/x86/mm.c, promote_l3_table, pae_xen_mappings_check
    @Clause(
            value = "mm.entry.get-xen-l2",
            rows = {"a", "b", "c", "d"},
            covers = {"L3-2"})
    static Step getXenL2(Step at, Pte entry, Domain owner, boolean held) {
        if (!entry.present() || entry.has(EntryFlags.forbidden(3, owner))) {
            return at.refuse("mm.entry.get-xen-l2/a", EINVAL);
        }
        Step below =
                TypedReferences.get(at, entry.mfn(), owner.id(), PageType.L2, true, held, true);
        if (below.failed()) {
            return below.row("mm.entry.get-xen-l2/b");
        }
        TypeUse use = below.frame(entry.mfn()).use();
        return use.count() == 1
                ? below.row("mm.entry.get-xen-l2/d")
                : PageTypes.putBoth(below.refuse("mm.entry.get-xen-l2/c", EINVAL), entry.mfn());
    }

    /// Drops the references of an entry that is being taken apart.
    ///
    /// | row | the entry                              | outcome                                   |
    /// |-----|----------------------------------------|-------------------------------------------|
    /// | a   | is not present or names its own table  | it held nothing                           |
    /// | b   | leads to a table                       | both references dropped                   |
    /// | c   | leads to a table whose teardown is cut short | preempted; the general one is kept  |
    ///
    /// @param held whether the entry is the one at which an earlier attempt stopped
    /// @xen xen/arch/x86/mm.c, put_page_from_l2e to put_page_from_l4e, put_pt_page
    @Clause(
            value = "mm.entry.put-table",
            rows = {"a", "b", "c"})
    static Step put(Step at, Pte entry, Mfn container, boolean held) {
        if (!entry.present() || entry.mfn().equals(container)) {
            return at.row("mm.entry.put-table/a");
        }
        Step put = PageTypes.put(at, entry.mfn(), held, Option.some(container));
        return put.preempted()
                ? put.row("mm.entry.put-table/c")
                : References.put(put, entry.mfn()).row("mm.entry.put-table/b");
    }

    /// Leaves an entry that was replaced to be taken apart by the caller's next call, or by the
    /// rest of this one.
    ///
    /// | row | the entry                              | outcome                                   |
    /// |-----|----------------------------------------|-------------------------------------------|
    /// | a   | was not present or named its own table | it held nothing                           |
    /// | b   | led to a table                         | the calling vCPU has it to finish         |
    ///
    /// @xen xen/arch/x86/mm.c, put_pt_page, PTF_defer
    @Clause(
            value = "mm.entry.defer-table",
            rows = {"a", "b"},
            covers = {"PA-5"})
    static Step defer(Step at, Pte entry, Mfn container) {
        if (!entry.present() || entry.mfn().equals(container)) {
            return at.row("mm.entry.defer-table/a");
        }
        return at.withVcpu(
                        at.vcpu()
                                .withUnfinished(
                                        Option.some(Unfinished.from(container, entry.mfn()))))
                .row("mm.entry.defer-table/b");
    }
}
