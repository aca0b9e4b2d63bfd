// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.SegmentDescriptor;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Step;

/// Checking a frame for descriptors.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c, validate_segdesc_page
public final class DescriptorValidation {

    private DescriptorValidation() {}

    /// Checks a frame of descriptors, all at once.
    ///
    /// | row | the descriptors          | outcome       |
    /// |-----|--------------------------|---------------|
    /// | a   | are all harmless, some after correction | corrected and stored |
    /// | b   | one is not               | `EINVAL`; those before it stay corrected |
    ///
    /// @xen xen/arch/x86/pv/descriptor-tables.c, validate_segdesc_page
    @Clause(
            value = "mm.validate.descriptors",
            rows = {"a", "b"},
            covers = {"TY-9", "SEG-1"})
    static Step descriptors(Step start, Mfn mfn) {
        Domain owner = start.domain(start.frame(mfn).owner());
        Step at = start;
        Set<String> seen = HashSet.empty();
        for (int slot = 0; slot < at.profile().slots(); slot++) {
            SegmentDescriptor raw = new SegmentDescriptor(contents(at, mfn).word(slot));
            Descriptors.Checked checked = Descriptors.check(raw, owner.bits32());
            if (!seen.contains(checked.row())) {
                at = at.row(checked.row());
                seen = seen.add(checked.row());
            }
            if (checked.harmless().isEmpty()) {
                return at.refuse("mm.validate.descriptors/b", EINVAL);
            }
            at = at.store(mfn, slot, checked.harmless().get().raw());
        }
        return at.row("mm.validate.descriptors/a");
    }

    private static Contents contents(Step at, Mfn mfn) {
        return at.frame(mfn).table().contents();
    }
}
