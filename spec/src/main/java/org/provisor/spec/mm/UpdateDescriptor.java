// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// `update_descriptor`: changes one descriptor, of a table in use or of a table to be.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c, do_update_descriptor
public final class UpdateDescriptor {

    private UpdateDescriptor() {}

    /// Does the call `update_descriptor`.
    ///
    /// | row | the call                                                 | outcome             |
    /// |-----|----------------------------------------------------------|---------------------|
    /// | a   | is for an address that is not a multiple of 8            | `EINVAL`            |
    /// | b   | is for a descriptor that is not harmless                 | `EINVAL`            |
    /// | c   | is for a frame that is not the caller's                  | `EINVAL`            |
    /// | d   | is for a frame of descriptors, held by as many as can be | `EINVAL`            |
    /// | e   | is for a frame of descriptors                            | stored as corrected |
    /// | f   | is for another frame that cannot become writable         | `EINVAL`            |
    /// | g   | is for another frame that can                            | stored as corrected |
    ///
    /// The descriptor is checked wherever it goes. A frame that was last used for descriptors
    /// counts as one of descriptors, though nobody holds it to that. Changes the frame; nothing
    /// when refused.
    @Clause(
            value = "mm.descriptor.update",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"SEG-2"})
    public static Outcome call(Step at, UpdateDescriptorCall call) {
        if (call.gaddr().value() % SegmentDescriptor.BYTES != 0) {
            return Outcome.returning(at.refuse("mm.descriptor.update/a", EINVAL));
        }
        Descriptors.Checked checked = Descriptors.check(call.desc(), at.caller().bits32());
        Step judged = at.row(checked.row());
        if (checked.harmless().isEmpty()) {
            return Outcome.returning(judged.refuse("mm.descriptor.update/b", EINVAL));
        }
        Mfn mfn = call.gaddr().frame();
        Step held = References.get(judged, mfn, at.by().domain());
        if (held.failed()) {
            return Outcome.returning(held.row("mm.descriptor.update/c"));
        }
        int slot = call.gaddr().offset() / SegmentDescriptor.BYTES;
        Step done = stored(held, mfn, slot, checked.harmless().get());
        return Outcome.returning(References.put(done, mfn));
    }

    private static Step stored(Step at, Mfn mfn, int slot, SegmentDescriptor descriptor) {
        boolean inTable = at.frame(mfn).use().type() == PageType.SEG_DESC;
        Step typed = PageTypes.get(at, mfn, inTable ? PageType.SEG_DESC : PageType.WRITABLE);
        if (typed.failed()) {
            return typed.refuse(
                    inTable ? "mm.descriptor.update/d" : "mm.descriptor.update/f", EINVAL);
        }
        Step stored = typed.store(mfn, slot, descriptor.raw());
        return PageTypes.put(stored, mfn)
                .row(inTable ? "mm.descriptor.update/e" : "mm.descriptor.update/g");
    }
}
