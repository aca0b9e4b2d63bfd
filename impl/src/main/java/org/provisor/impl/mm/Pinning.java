// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.mm.FrameTable.PINNED;

import org.provisor.impl.Refines;

/// Pins: a page table stays one although nothing leads to it.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op, MMUEXT_PIN_L1_TABLE to MMUEXT_UNPIN_TABLE
final class Pinning {

    private Pinning() {}

    /// Pins a frame of `owner` as a page table.
    @Refines("mm.pin")
    static int pin(final Vcpu by, final long mfn, final int type, final int owner) {
        final Host host = by.host;
        if (!host.get(mfn, owner)) {
            return -EINVAL;
        }
        final int typed = PageTypes.get(by, mfn, type);
        if (typed != 0) {
            if (by.oldTable != mfn) {
                host.put(mfn);
            }
            return typed;
        }
        final Domain other = owner == by.domain.id ? null : host.domain(owner);
        if (other == null) {
            return mark(by, mfn, type);
        }
        // A teardown that meets the mark drops what it stands for, and the frame could be gone.
        host.frames.getMore(mfn);
        final int result = mark(by, mfn, type);
        // One that began before may have passed this frame already.
        if (result == 0 && other.dying() && marked(host.frames, mfn, false)) {
            dropped(by, mfn, type);
        }
        host.put(mfn);
        return result;
    }

    private static int mark(final Vcpu by, final long mfn, final int type) {
        if (marked(by.host.frames, mfn, true)) {
            return 0;
        }
        dropped(by, mfn, type);
        return -EINVAL;
    }

    private static void dropped(final Vcpu by, final long mfn, final int type) {
        if (type == PageType.L1) {
            PageTypes.putBoth(by, mfn);
        } else {
            by.leave(mfn, Vcpu.NONE, false);
        }
    }

    /// Sets the mark or takes it away.
    ///
    /// @return whether it was not so before
    static boolean marked(final FrameTable frames, final long mfn, final boolean pinned) {
        long seen = frames.type(mfn);
        while ((seen & PINNED) != 0 != pinned) {
            final long witness = frames.replaceType(mfn, seen, seen ^ PINNED);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    /// Unpins a frame of `owner`.
    @Refines("mm.unpin")
    static int unpin(final Vcpu by, final long mfn, final int owner) {
        final Host host = by.host;
        if (!host.get(mfn, owner)) {
            return -EINVAL;
        }
        if (!marked(host.frames, mfn, false)) {
            host.put(mfn);
            return -EINVAL;
        }
        if (PageTypes.putBoth(by, mfn) != 0) {
            by.leave(mfn, Vcpu.NONE, true);
        }
        host.put(mfn);
        return 0;
    }

    /// A root is let go; where that is preempted the rest is left to a vCPU.
    @Refines("mm.root.put")
    static int putRoot(final Vcpu by, final Vcpu who, final long root) {
        if (root == Vcpu.NONE || PageTypes.putBoth(by, root) == 0) {
            return 0;
        }
        who.leave(root, Vcpu.NONE, true);
        return -ERESTART;
    }
}
