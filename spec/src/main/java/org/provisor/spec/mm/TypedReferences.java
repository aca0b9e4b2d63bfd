// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// A general and a type reference together, as a table entry or a root holds them.
///
/// @xen xen/arch/x86/mm.c, get_page_and_type_from_mfn
public final class TypedReferences {

    private TypedReferences() {}

    /// Takes a general and a type reference for a table entry or a root.
    ///
    /// | row | outcome of taking the type        | general reference                          |
    /// |-----|-----------------------------------|--------------------------------------------|
    /// | a   | taken                             | kept                                       |
    /// | b   | not taken, entry held one before  | kept, as before                            |
    /// | c   | refused, teardown is unfinished   | kept, for the teardown                     |
    /// | d   | preempted, caller remembers       | kept, for the entry at which it stopped    |
    /// | e   | not taken otherwise               | dropped                                    |
    ///
    /// @param owner who the frame must belong to
    /// @param entryHeld whether the entry holds a general reference from an earlier attempt
    /// @param remember whether the caller records where it stopped
    /// @xen xen/arch/x86/mm.c, get_page_and_type_from_mfn
    @Clause(
            value = "mm.page-type.get-with-reference",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"REF-1", "PA-3"})
    static Step get(
            Step at,
            Mfn mfn,
            Domid owner,
            PageType wanted,
            boolean xenL2,
            boolean entryHeld,
            boolean remember) {
        Step referred = entryHeld ? at : References.get(at, mfn, owner);
        if (referred.failed()) {
            return referred;
        }
        Step typed = PageTypes.get(referred, mfn, wanted, xenL2);
        if (typed.ok()) {
            return typed.row("mm.page-type.get-with-reference/a");
        }
        if (entryHeld) {
            return typed.row("mm.page-type.get-with-reference/b");
        }
        if (typed.vcpu().unfinished().exists(u -> u.table().equals(mfn))) {
            return typed.row("mm.page-type.get-with-reference/c");
        }
        return remember && typed.preempted()
                ? typed.row("mm.page-type.get-with-reference/d")
                : References.put(typed, mfn).row("mm.page-type.get-with-reference/e");
    }
}
