// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;

/// What is true of every frame at any time, in the middle of a call too: others look at a frame
/// whenever they like.
///
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info, "count_info" and "type_info"
final class AnyTime {

    private AnyTime() {}

    /// A frame of which it is not true, if there is one.
    static @Nullable Difference wrong(Host host, BootNumbers numbers) {
        FrameTable frames = host.frames();
        for (int mfn = 0; mfn < frames.size(); mfn++) {
            String why = wrong(frames, mfn);
            if (why != null) {
                return new Difference("at any time: " + why, numbers.text(mfn));
            }
        }
        return null;
    }

    private static @Nullable String wrong(FrameTable frames, int mfn) {
        long count = frames.count(mfn);
        long references = count & FrameTable.REFERENCES;
        if ((count & FrameTable.ALLOCATED) != 0 && references == 0) {
            return "allocated, and nobody refers to it";
        }
        if (references != 0 && frames.owner(mfn) == DomainIds.INVALID) {
            return "referred to, and nobody's";
        }
        long type = frames.type(mfn);
        boolean inUse =
                (type & FrameTable.VALIDATED) != 0 && (type & FrameTable.TYPE_REFERENCES) != 0;
        return (type & FrameTable.LOCKED) != 0 && !inUse ? "locked, and not in use" : null;
    }
}
