// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// I5, partial state: only a table above level 1 is checked in part, by one reference, and its
/// progress lies within it; all else is checked wholly or not at all. Contents are known exactly of
/// page tables in use and of checked descriptors.
final class PartialState {

    private PartialState() {}

    @Clause(
            value = "invariant.partial-state",
            covers = {"PA-2", "PA-3", "TY-3"})
    static Option<String> wrong(Machine machine) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            boolean dying = machine.has(frame.owner()) && machine.domain(frame.owner()).dying();
            if (!legal(frame.use(), machine.profile().slots(), dying)) {
                return Option.some(mfn + " is " + frame.use());
            }
        }
        return Option.none();
    }

    private static boolean legal(TypeUse use, int slots, boolean dying) {
        Table table = use.table();
        boolean tableInUse = use.type().isPageTable() && use.count() > 0;
        boolean known = tableInUse || (use.type() == PageType.SEG_DESC && use.validated());
        if (table.contents().known() != known || (use.pinned() && !tableInUse)) {
            return false;
        }
        if (use.validity() != Validity.PARTIAL) {
            boolean unheld = use.validated() || use.count() == 0 || dying;
            return dying || (unheld && table.validated() == 0 && !table.partialEntry());
        }
        return use.type().level() > 1
                && (use.count() == 1 || dying)
                && table.validated() >= 0
                && table.validated() < slots + (table.partialEntry() ? 0 : 1)
                && !use.pinned()
                && (!table.partialEntry() || table.contents().entry(table.validated()).present());
    }
}
