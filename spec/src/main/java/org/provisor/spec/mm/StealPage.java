// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;

/// Taking a frame out of a domain's hands: only one that nobody uses.
///
/// @xen xen/arch/x86/mm.c, steal_page
public final class StealPage {

    private StealPage() {}

    /// Makes a frame of `owner` nobody's.
    ///
    /// | row | the frame                                         | outcome                  |
    /// |-----|---------------------------------------------------|--------------------------|
    /// | a   | is referred to by nobody, or by as many as can be | `EINVAL`                 |
    /// | b   | is somebody else's, or shared with Xen            | `EINVAL`                 |
    /// | c   | is referred to by somebody, or given back         | `EINVAL`                 |
    /// | d   | is the owner's and unused                         | nobody's, without a type |
    ///
    /// Whoever holds a frame to a type refers to it, so in row d nobody does. Its number in the
    /// machine-to-physical table stays. The owner still counts it: that is the caller's to see to.
    /// Changes `frames[mfn]`; nothing when refused. The frame exists.
    ///
    /// @xen xen/arch/x86/mm.c, steal_page, with MEMF_no_refcount
    @Clause(
            value = "mm.steal-page",
            rows = {"a", "b", "c", "d"},
            covers = {"EXC-2", "PG-8", "PG-10"})
    static Step steal(Step at, Mfn mfn, Domid owner) {
        Frame frame = at.frame(mfn);
        if (!References.canBeReferredTo(frame)) {
            return at.refuse("mm.steal-page/a", EINVAL);
        }
        if (!frame.ownedBy(owner) || frame.special()) {
            return at.refuse("mm.steal-page/b", EINVAL);
        }
        if (frame.refs() != 1 || !frame.allocated()) {
            return at.refuse("mm.steal-page/c", EINVAL);
        }
        if (frame.use().count() != 0) {
            throw new IllegalStateException("a frame is held to a type by nobody: " + mfn);
        }
        return at.with(mfn, Allocator.unowned(frame)).row("mm.steal-page/d");
    }

    /// Gives a stolen frame back to its owner: as before, but without a type.
    static Step undo(Step at, Mfn mfn, Domid owner) {
        Frame frame = at.frame(mfn);
        return at.with(
                mfn, new Frame(owner, 1, true, false, TypeUse.NONE, frame.m2p(), frame.stale()));
    }
}
