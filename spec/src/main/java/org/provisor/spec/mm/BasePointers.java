// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Store;

/// The roots that a vCPU runs on, one for its kernel and one for user mode.
///
/// @xen xen/arch/x86/mm.c, new_guest_cr3; do_mmuext_op, MMUEXT_NEW_USER_BASEPTR
public final class BasePointers {

    private BasePointers() {}

    /// Makes a frame the calling vCPU's kernel root.
    ///
    /// | row | the frame                                          | outcome                           |
    /// |-----|----------------------------------------------------|-----------------------------------|
    /// | a   | is the root already                                | loaded anew                       |
    /// | b   | becomes a root table but for preemption            | preempted                         |
    /// | c   | cannot be a root table                             | the error of the check            |
    /// | d   | can be a root table                                | the root; the old one let go      |
    ///
    /// In row d the local descriptor table's frames are unmapped, and the guest sees the
    /// machine-to-physical table in the new root unless it asked for that to be strict. Loading a
    /// root empties the processor's cache of translations.
    ///
    /// @xen xen/arch/x86/mm.c, new_guest_cr3
    @Clause(
            value = "mm.root.kernel",
            rows = {"a", "b", "c", "d"},
            covers = {"CR3-1", "CR3-3", "L4-2", "XPTI-1"})
    static Step kernel(Step at, Mfn mfn) {
        if (at.caller().bits32()) {
            return at.ending(new Result.Unspecified("roots of 32-bit guests"));
        }
        Option<Mfn> old = at.vcpu().root();
        if (old.contains(mfn)) {
            return at.row("mm.root.kernel/a").flush(new Flush.Local(at.by()));
        }
        Step held =
                TypedReferences.get(at, mfn, at.by().domain(), PageType.L4, false, false, false);
        if (held.failed()) {
            return held.row(held.preempted() ? "mm.root.kernel/b" : "mm.root.kernel/c");
        }
        Step unmapped = LdtMapping.destroy(held, held.by()).step();
        Step shown = shownToKernel(unmapped, mfn);
        Step switched =
                shown.withVcpu(shown.vcpu().withRoot(Option.some(mfn)))
                        .flush(new Flush.Local(shown.by()))
                        .row("mm.root.kernel/d");
        return Pinning.putRoot(switched, old);
    }

    /// Makes a frame the calling vCPU's user root, or takes the user root away with frame 0.
    ///
    /// | row | the frame                                          | outcome                           |
    /// |-----|----------------------------------------------------|-----------------------------------|
    /// | a   | is the user root already, or is 0 and there is none | nothing changes                  |
    /// | b   | is 0                                               | no user root; the old one let go  |
    /// | c   | becomes a root table but for preemption            | preempted                         |
    /// | d   | cannot be a root table                             | the error of the check            |
    /// | e   | can be a root table                                | the user root; the old one let go |
    ///
    /// In row e the machine-to-physical table disappears from the new root if the guest asked for
    /// it to be strict.
    @Clause(
            value = "mm.root.user",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"CR3-2", "L4-2"})
    static Step user(Step at, Mfn mfn) {
        Option<Mfn> old = at.vcpu().userRoot();
        boolean none = mfn.value() == 0;
        if (old.contains(mfn) || (none && old.isEmpty())) {
            return at.row("mm.root.user/a");
        }
        if (none) {
            Step cleared = at.withVcpu(at.vcpu().withUserRoot(Option.none()));
            return Pinning.putRoot(cleared.row("mm.root.user/b"), old);
        }
        Step held =
                TypedReferences.get(at, mfn, at.by().domain(), PageType.L4, false, false, false);
        if (held.failed()) {
            return held.row(held.preempted() ? "mm.root.user/c" : "mm.root.user/d");
        }
        Step hidden = hiddenFromUser(held, mfn);
        Step switched = hidden.withVcpu(hidden.vcpu().withUserRoot(Option.some(mfn)));
        return Pinning.putRoot(switched.row("mm.root.user/e"), old);
    }

    /// Shows the machine-to-physical table in a root that a kernel gets, unless that is strict.
    static Step shownToKernel(Step at, Mfn root) {
        return at.caller().assists(VmAssistType.M2P_STRICT)
                ? at
                : machineToPhysical(at, root, true);
    }

    /// Hides it in a root that user mode gets, if that is strict.
    static Step hiddenFromUser(Step at, Mfn root) {
        return at.caller().assists(VmAssistType.M2P_STRICT)
                ? machineToPhysical(at, root, false)
                : at;
    }

    /// Shows or hides the machine-to-physical table in slot 256 of a root.
    ///
    /// @xen xen/arch/x86/mm.c, fill_ro_mpt, zap_ro_mpt
    @Clause(
            value = "mm.root.show-m2p",
            covers = {"L4-2", "M2P-2"})
    private static Step machineToPhysical(Step at, Mfn root, boolean shown) {
        return at.frame(root).table().roM2p() == shown
                ? at
                : at.with(root, at.frame(root).withTable(at.frame(root).table().withRoM2p(shown)))
                        .stored(new Store.XenSlots(root, shown));
    }
}
