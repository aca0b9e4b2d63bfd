// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// Checking a level 1 table: every entry maps what its owner may map.
///
/// @xen xen/arch/x86/mm.c, promote_l1_table
public final class L1Validation {

    private L1Validation() {}

    /// Checks a level 1 table, all at once.
    ///
    /// | row | the entries                     | outcome                                          |
    /// |-----|---------------------------------|--------------------------------------------------|
    /// | a   | can all be held                 | held, and stored as {@link EntryFlags#adjusted} says |
    /// | b   | one cannot be held              | its error; those before it are let go            |
    ///
    /// In row b the entries before keep the flags that Xen gave them.
    ///
    /// @xen xen/arch/x86/mm.c, promote_l1_table
    @Clause(
            value = "mm.validate.l1",
            rows = {"a", "b"},
            covers = {"TY-9"})
    static Step entries(Step start, Mfn mfn) {
        Domain owner = start.domain(start.frame(mfn).owner());
        Step at = start;
        Contents contents = contents(at, mfn);
        int slots = contents.slots();
        for (int slot = contents.present(0); slot < slots; slot = contents.present(slot + 1)) {
            L1Entries.Taken taken = L1Entries.get(at, contents.entry(slot), owner, owner.id());
            if (taken.step().failed()) {
                return undone(taken.step().row("mm.validate.l1/b"), mfn, slot, owner);
            }
            Pte adjusted = EntryFlags.adjusted(1, taken.entry(), owner);
            at = taken.step().store(mfn, slot, adjusted.bits());
            contents = contents(at, mfn);
        }
        return at.row("mm.validate.l1/a");
    }

    private static Step undone(Step failed, Mfn mfn, int end, Domain owner) {
        Step at = failed;
        for (int slot = end - 1; slot >= 0; slot--) {
            at = L1Entries.put(at, contents(at, mfn).entry(slot), owner);
        }
        return at;
    }

    private static Contents contents(Step at, Mfn mfn) {
        return at.frame(mfn).table().contents();
    }
}
