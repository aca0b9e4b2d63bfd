// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.mm.FrameTable.PARTIAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// Takes a page table apart that the caller has to itself: every entry lets go of what it held.
///
/// @xen xen/arch/x86/mm.c, devalidate_page
final class Demotion {

    private Demotion() {}

    /// Takes a table apart whose last type reference is being dropped, and writes its type word.
    @Refines("mm.demote")
    static int last(final Vcpu by, final long mfn, final int type, final boolean wasPartial) {
        final FrameTable frames = by.host.frames;
        final int result = apart(by, mfn, type, wasPartial);
        if (result == 0) {
            PageTypes.letGo(by, mfn, type);
        } else {
            frames.getMore(mfn);
            frames.publish(mfn, PARTIAL);
        }
        if (wasPartial) {
            by.host.put(mfn);
        }
        return result;
    }

    /// Takes a table apart, as far as preemption lets it. Its type word stays.
    static int apart(final Vcpu by, final long mfn, final int type, final boolean wasPartial) {
        if (!wasPartial) {
            by.host.frames.setProgress(mfn, Pte.ENTRIES, false);
        }
        return type == PageType.L1 ? level1(by, mfn) : table(by, mfn, type);
    }

    @Refines("mm.demote.l1")
    private static int level1(final Vcpu by, final long mfn) {
        for (int slot = 0; slot < Pte.ENTRIES; slot++) {
            L1Entries.put(by, by.host.entry(mfn, slot));
        }
        return 0;
    }

    @Refines("mm.demote.table")
    private static int table(final Vcpu by, final long mfn, final int level) {
        final FrameTable frames = by.host.frames;
        boolean held = frames.partialEntry(mfn);
        for (int slot = frames.validatedEntries(mfn) - (held ? 0 : 1); slot >= 0; slot--) {
            if (GuestSlots.isGuest(level, slot)) {
                final int result = TableEntries.put(by, by.host.entry(mfn, slot), mfn, held);
                if (result != 0) {
                    frames.setProgress(mfn, slot, true);
                    return result;
                }
            }
            held = false;
            if (slot > 0 && level < PageType.L4 && by.preemption.due()) {
                frames.setProgress(mfn, slot, false);
                return -ERESTART;
            }
        }
        return 0;
    }
}
