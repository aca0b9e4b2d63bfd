// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;

/// One frame of a dying domain, visited by its teardown.
///
/// @xen xen/arch/x86/domain.c, relinquish_memory, the loop
public final class FrameRelease {

    private FrameRelease() {}

    /// Unpins a frame, gives it back, and forces it apart if it is still a table of `level`.
    ///
    /// | row | the frame                                           | outcome                          |
    /// |-----|-----------------------------------------------------|----------------------------------|
    /// | a   | is pinned, and taking it apart is preempted         | preempted; partial, not pinned   |
    /// | b   | is no table of that level any more                  | given back                       |
    /// | c   | still is, and forcing it apart is preempted         | preempted; partial               |
    /// | d   | still is, was checked in part                       | given back, one type reference less |
    /// | e   | still is                                            | given back; what leads to it still counts |
    ///
    /// A table of the highest level left is in use only because another of that level leads to it,
    /// a domain with the right to has it to finish, or it was left checked in part: this domain
    /// never runs again.
    @Clause(
            value = "mm.frame.release",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"PA-6", "LIN-4"})
    static Step visit(Step start, Mfn mfn, int level) {
        Step held = References.takeMore(start, mfn);
        Step unpinned = unpinned(held, mfn);
        if (unpinned.preempted()) {
            Step dropped = References.put(References.put(unpinned, mfn), mfn);
            return dropped.row("mm.frame.release/a");
        }
        Step released = References.release(unpinned, mfn);
        TypeUse use = released.frame(mfn).use();
        if (level == 0 || use.type().level() != level || use.validity() == Validity.UNCHECKED) {
            return References.put(released.row("mm.frame.release/b"), mfn);
        }
        return forced(released, mfn, use.partial());
    }

    private static Step unpinned(Step at, Mfn mfn) {
        Frame frame = at.frame(mfn);
        return frame.use().pinned()
                ? PageTypes.putBoth(at.with(mfn, frame.withUse(frame.use().withPinned(false))), mfn)
                : at;
    }

    private static Step forced(Step at, Mfn mfn, boolean wasPartial) {
        Step apart = Demotion.apart(at, mfn);
        TypeUse use = apart.frame(mfn).use();
        if (apart.preempted()) {
            TypeUse partial =
                    (wasPartial ? use : use.withCount(use.count() + 1))
                            .withValidity(Validity.PARTIAL);
            Step kept = apart.with(mfn, apart.frame(mfn).withUse(partial));
            return (wasPartial ? References.put(kept, mfn) : kept).row("mm.frame.release/c");
        }
        if (wasPartial) {
            Step counted = PageTypes.released(apart, mfn);
            return References.put(References.put(counted.row("mm.frame.release/d"), mfn), mfn);
        }
        return References.put(apart.row("mm.frame.release/e"), mfn);
    }
}
