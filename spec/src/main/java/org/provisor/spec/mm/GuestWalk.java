// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.LinearAddress;
import org.provisor.spec.x86.Pte;
import org.provisor.spec.x86.Tables;

/// The caller's own page-table entry for an address.
///
/// Xen looks at the caller's tables through a mapping of them in its own part of the address space,
/// which is made of the kernel's root itself. So it is the processor that walks them, and asks only
/// whether entries are present: who may write or use a page does not matter. Where a table refers
/// to one of its own level, the processor walks that as if it were of the level below.
///
/// @xen xen/arch/x86/pv/mm.c, map_guest_l1e
/// @xen xen/arch/x86/pv/mm.h, guest_get_eff_kern_l1e
public final class GuestWalk {

    private GuestWalk() {}

    /// Where an entry is.
    record Place(Mfn table, int slot) {}

    /// A step, and the place that was looked for.
    record Found(Step step, Option<Place> place) {}

    /// A step, and the entry that was looked for; the empty one where there is none.
    record Seen(Step step, Pte entry) {}

    /// Finds the level 1 entry for an address.
    ///
    /// | row | the address                                                              | outcome |
    /// |-----|--------------------------------------------------------------------------|---------|
    /// | a   | may not be named by a guest                                              | none    |
    /// | b   | has an entry of level 4, 3 or 2 that is not present or maps a large page | none    |
    /// | c | is any other | the entry; it may be absent |
    ///
    /// What is found is where the processor looks last, and need not be in a level 1 table. The
    /// slots that the tables of a small world do not have count as not present.
    ///
    /// @sdm 3A, "Linear-Address Translation with 4-Level Paging and 5-Level Paging"
    @Clause(
            value = "mm.guest-walk.level-1",
            rows = {"a", "b", "c"},
            covers = {"UPD-11"})
    static Found level1(Step at, GuestAddress address) {
        if (!GuestAddresses.ok(address)) {
            return new Found(at.row("mm.guest-walk.level-1/a"), Option.none());
        }
        LinearAddress linear = new LinearAddress(address.value());
        Tables tables = known(at.machine());
        Option<Mfn> table = at.vcpu().root();
        for (int level = 4; level > 1 && table.isDefined(); level--) {
            table = below(tables, table.get(), linear.slot(level));
        }
        return table.isEmpty() || linear.slot(1) >= at.profile().slots()
                ? new Found(at.row("mm.guest-walk.level-1/b"), Option.none())
                : new Found(
                        at.row("mm.guest-walk.level-1/c"),
                        Option.some(new Place(table.get(), linear.slot(1))));
    }

    private static Option<Mfn> below(Tables tables, Mfn table, int slot) {
        Pte entry = new Pte(tables.word(table, slot).getOrElse(0L));
        return entry.present() && !entry.has(Pte.PAGE_SIZE)
                ? Option.some(entry.mfn())
                : Option.none();
    }

    /// Reads the level 1 entry for an address in the kernel's tables, whatever mode the vCPU is in.
    ///
    /// | row | the address  | outcome         |
    /// |-----|--------------|-----------------|
    /// | a   | has no entry | the empty entry |
    /// | b   | has an entry | the entry       |
    @Clause(
            value = "mm.guest-walk.effective",
            rows = {"a", "b"},
            covers = {"LDT-1", "PTWR-1"})
    static Seen effective(Step at, GuestAddress address) {
        Found found = level1(at, address);
        if (found.place().isEmpty()) {
            return new Seen(found.step().row("mm.guest-walk.effective/a"), Pte.EMPTY);
        }
        Place place = found.place().get();
        long word = known(at.machine()).word(place.table(), place.slot()).getOrElse(0L);
        return new Seen(found.step().row("mm.guest-walk.effective/b"), new Pte(word));
    }

    /// The page tables of a machine, as the processor sees them. Every table that an entry of a
    /// validated table leads to is validated, so its contents are known.
    static Tables known(Machine machine) {
        return (mfn, slot) -> {
            if (!machine.has(mfn) || !machine.frame(mfn).table().contents().known()) {
                return Option.none();
            }
            Contents contents = machine.frame(mfn).table().contents();
            return Option.some(slot < contents.slots() ? contents.word(slot) : 0L);
        };
    }
}
