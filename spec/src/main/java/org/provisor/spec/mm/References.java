// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;

/// General references: who keeps a frame from being freed.
///
/// A frame that somebody refers to has an owner and is not given to anybody else. One of the
/// references is the owner's allocation.
///
/// @xen xen/arch/x86/mm.c, get_page, put_page
public final class References {

    private References() {}

    /// Takes a general reference on a frame of `owner`.
    ///
    /// | row | the frame                                   | outcome             |
    /// |-----|---------------------------------------------|---------------------|
    /// | a   | does not exist                              | `EINVAL`            |
    /// | b   | is referred to by nobody, or by as many as can be | `EINVAL`      |
    /// | c   | is somebody else's                          | `EINVAL`            |
    /// | d   | is the owner's                              | one reference more  |
    ///
    /// The last reference that the counter could hold is kept back, for {@link #takeMore}. Changes
    /// `frames[mfn].refs`; nothing when refused.
    ///
    /// @xen xen/arch/x86/mm.c, page_get_owner_and_reference, get_page
    @Clause(
            value = "mm.ref.get",
            rows = {"a", "b", "c", "d"},
            covers = {"PG-1", "PG-2", "PG-3", "PG-4", "PG-7"})
    public static Step get(Step at, Mfn mfn, Domid owner) {
        if (!at.machine().has(mfn)) {
            return at.refuse("mm.ref.get/a", EINVAL);
        }
        Frame frame = at.frame(mfn);
        if (!canBeReferredTo(frame)) {
            return at.refuse("mm.ref.get/b", EINVAL);
        }
        if (!frame.ownedBy(owner)) {
            return at.refuse("mm.ref.get/c", EINVAL);
        }
        return at.with(mfn, frame.withRefs(frame.refs() + 1)).row("mm.ref.get/d");
    }

    /// Whether one more reference can be taken: the frame is live, and the counter stays clear of
    /// its end.
    static boolean canBeReferredTo(Frame frame) {
        return frame.refs() > 0 && frame.refs() < Frame.MAX_REFS - 1;
    }

    /// Takes one more reference on a frame that is held already. Cannot fail.
    ///
    /// @xen xen/arch/x86/mm.c, get_page_light
    static Step takeMore(Step at, Mfn mfn) {
        return at.with(mfn, at.frame(mfn).withRefs(at.frame(mfn).refs() + 1));
    }

    /// Drops a general reference.
    ///
    /// | row | the reference is            | outcome                                           |
    /// |-----|-----------------------------|---------------------------------------------------|
    /// | a   | one of several              | one reference less                                |
    /// | b   | the last                    | the frame is free; its owner has one frame less   |
    /// | c   | the last of a dead domain's last frame | as b, and the domain is gone           |
    /// | d   | the last of a frame that Xen shares | Xen keeps the frame, and the owner its name |
    ///
    /// A frame that Xen shares is freed together with its owner. Others are freed without a type in
    /// use: whoever held it to a type also held it. Changes `frames[mfn]` and the owner's totals.
    /// Keeps how the step is going.
    ///
    /// @xen xen/arch/x86/mm.c, put_page, cleanup_page_mappings
    /// @xen xen/common/page_alloc.c, free_domheap_pages
    @Clause(
            value = "mm.ref.put",
            rows = {"a", "b", "c", "d"},
            covers = {"PG-5", "PG-8"})
    static Step put(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        if (frame.refs() > 1) {
            return at.with(mfn, frame.withRefs(frame.refs() - 1)).row("mm.ref.put/a");
        }
        if (frame.special()) {
            Step kept = at.with(mfn, frame.withRefs(0)).row("mm.ref.put/d");
            return DomainDeath.goneIfEmpty(kept, kept.domain(frame.owner()));
        }
        if (frame.refs() != 1 || frame.allocated() || frame.use().count() != 0) {
            throw new IllegalStateException("a frame in use lost its last reference: " + mfn);
        }
        Domain owner = Claims.adjusted(at.domain(frame.owner()), -1);
        Step counted = DomainDeath.goneIfEmpty(at.with(mfn, Frame.FREE), owner);
        return counted.row(counted.machine().has(owner.id()) ? "mm.ref.put/b" : "mm.ref.put/c");
    }

    /// Drops the owner's allocation, once. The caller holds a reference of its own.
    ///
    /// | row | the frame                 | outcome                                      |
    /// |-----|---------------------------|----------------------------------------------|
    /// | a   | is still allocated        | one reference less, and allocated no more    |
    /// | b   | was given back before     | nothing changes                              |
    ///
    /// @xen xen/include/xen/mm.h, put_page_alloc_ref
    @Clause(
            value = "mm.ref.release",
            rows = {"a", "b"},
            covers = {"PG-6"})
    static Step release(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        return frame.allocated()
                ? at.with(mfn, frame.released()).row("mm.ref.release/a")
                : at.row("mm.ref.release/b");
    }
}
