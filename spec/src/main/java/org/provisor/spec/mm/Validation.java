// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// Checking the contents of a frame for a type: every present entry must hold its references.
///
/// A frame being checked is held to its type by one reference and is neither validated nor partial;
/// nobody else can use it.
///
/// @xen xen/arch/x86/mm.c, validate_page
public final class Validation {

    private Validation() {}

    /// Checks a frame and records what came of it.
    ///
    /// | row | the check                               | outcome                                  |
    /// |-----|-----------------------------------------|------------------------------------------|
    /// | a   | succeeds                                | validated                                |
    /// | b   | is preempted                            | partial, and one general reference more  |
    /// | c   | fails with entries left to take apart   | partial, likewise; the error             |
    /// | d   | fails with nothing left                 | no type; the error                       |
    ///
    /// In row c the calling vCPU has the frame to finish ({@link UnfinishedTeardown}). A frame of
    /// descriptors has no entries to take apart, also where the vCPU still has it to finish as the
    /// table that it was.
    ///
    /// @xen xen/arch/x86/mm.c, validate_page
    @Clause(
            value = "mm.validate",
            rows = {"a", "b", "c", "d"},
            covers = {"TY-9", "TY-11", "PA-1", "PA-2", "PA-4"})
    static Step validate(Step at, Mfn mfn) {
        PageType type = at.frame(mfn).use().type();
        Step checked =
                switch (type) {
                    case L1 -> L1Validation.entries(at, mfn);
                    case L2, L3, L4 -> TableValidation.tables(at, mfn, type.level());
                    case SEG_DESC -> DescriptorValidation.descriptors(at, mfn);
                    case NONE, SHARED, WRITABLE ->
                            throw new IllegalStateException("nothing to check: " + mfn);
                };
        Frame frame = checked.frame(mfn);
        TypeUse use = frame.use();
        if (checked.ok()) {
            TypeUse valid =
                    use.withValidity(Validity.VALIDATED).withTable(use.table().at(0, false));
            return checked.with(mfn, frame.withUse(valid)).row("mm.validate/a");
        }
        boolean toFinish =
                type.isPageTable()
                        && checked.vcpu().unfinished().exists(u -> u.table().equals(mfn));
        if (checked.preempted() || toFinish) {
            Step partial = checked.with(mfn, frame.withUse(use.withValidity(Validity.PARTIAL)));
            return References.takeMore(partial, mfn)
                    .row(checked.preempted() ? "mm.validate/b" : "mm.validate/c");
        }
        return checked.with(mfn, frame.withUse(TypeUse.NONE)).row("mm.validate/d");
    }
}
