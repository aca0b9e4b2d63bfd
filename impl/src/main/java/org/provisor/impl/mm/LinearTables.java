// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.mm.FrameTable.TYPE_REFERENCES;
import static org.provisor.impl.mm.FrameTable.VALIDATED;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// Entries that lead to a table of their own level. A table either has such entries or is led to by
/// them.
///
/// @xen xen/arch/x86/mm.c, comment above opt_pv_linear_pt
final class LinearTables {

    private LinearTables() {}

    /// Takes the references of an entry of `container` for a table of the same level.
    @Refines("mm.linear.get")
    static int get(
            final Vcpu by,
            final int level,
            final long entry,
            final long container,
            final int owner) {
        if (!by.host.options.linearTables() || (entry & Pte.RW) != 0) {
            return -EINVAL;
        }
        final FrameTable frames = by.host.frames;
        final long named = Pte.mfn(entry);
        if (named == container) {
            return 0;
        }
        if (!by.host.get(named, owner)) {
            return -EINVAL;
        }
        if (!countEntry(frames, container)) {
            by.host.put(named);
            return -EINVAL;
        }
        if (canBeNamed(frames.linear(named)) && held(frames, level, named)) {
            if (countUse(frames, named)) {
                return 0;
            }
            if (PageTypes.put(by, named) != 0) {
                // Everybody else let go of it meanwhile. The general reference goes with it.
                by.leave(named, Vcpu.NONE, true);
                frames.addLinear(container, -1);
                return -EINVAL;
            }
        }
        frames.addLinear(container, -1);
        by.host.put(named);
        return -EINVAL;
    }

    private static boolean countEntry(final FrameTable frames, final long container) {
        int entries = frames.linear(container);
        while (entries >= 0 && entries < FrameTable.MAX_LINEAR) {
            if (frames.replaceLinear(container, entries, entries + 1)) {
                return true;
            }
            entries = frames.linear(container);
        }
        return false;
    }

    private static boolean canBeNamed(final int linear) {
        return linear <= 0 && linear > -FrameTable.MAX_LINEAR - 1;
    }

    private static boolean countUse(final FrameTable frames, final long named) {
        int uses = frames.linear(named);
        while (canBeNamed(uses)) {
            if (frames.replaceLinear(named, uses, uses - 1)) {
                return true;
            }
            uses = frames.linear(named);
        }
        return false;
    }

    /// A table that is validated has a type reference.
    private static boolean held(final FrameTable frames, final int level, final long named) {
        long seen = frames.type(named);
        while (FrameTable.is(seen, level)
                && (seen & VALIDATED) != 0
                && (seen & TYPE_REFERENCES) != TYPE_REFERENCES) {
            final long witness = frames.replaceType(named, seen, seen + 1);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    /// The two counts when an entry of `container` lets go of `named`.
    static void drop(final Vcpu by, final long named, final long container) {
        by.host.frames.addLinear(named, 1);
        by.host.frames.addLinear(container, -1);
    }
}
