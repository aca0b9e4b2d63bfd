// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.mm.FrameTable.PARTIAL;
import static org.provisor.impl.mm.FrameTable.VALIDATED;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Pte;

/// Checks the contents of a frame that the caller has to itself: every present entry of a table
/// gets its references, every descriptor is made harmless.
///
/// @xen xen/arch/x86/mm.c, validate_page
final class Validation {

    private Validation() {}

    /// Checks a frame and writes its type word.
    @Refines("mm.validate")
    static int validate(final Vcpu by, final long mfn, final int type) {
        final Host host = by.host;
        final FrameTable frames = host.frames;
        final Domain owner = host.owner(mfn);
        final int result =
                switch (type) {
                    case PageType.L1 -> level1(by, mfn, owner);
                    case PageType.SEGMENT_DESCRIPTORS -> descriptors(host, mfn);
                    default -> table(by, mfn, type, owner);
                };
        if (result == 0) {
            frames.setProgress(mfn, 0, false);
            frames.publish(mfn, VALIDATED);
        } else if (result == -ERESTART || (by.oldTable == mfn && PageType.isTable(type))) {
            frames.getMore(mfn);
            frames.publish(mfn, PARTIAL);
        } else {
            frames.forget(mfn);
            frames.setType(mfn, 0);
        }
        return result;
    }

    @Refines("mm.validate.l1")
    private static int level1(final Vcpu by, final long mfn, final Domain owner) {
        final Host host = by.host;
        for (int slot = 0; slot < Pte.ENTRIES; slot++) {
            final long entry = host.entry(mfn, slot);
            if ((entry & Pte.PRESENT) == 0) {
                continue;
            }
            final int result = L1Entries.get(by, entry, owner, owner.id);
            if (result != 0) {
                for (int before = slot - 1; before >= 0; before--) {
                    L1Entries.put(by, host.entry(mfn, before));
                }
                return result;
            }
            final long adjusted = EntryFlags.adjustedL1(by.taken);
            if (adjusted != entry) {
                host.setEntry(mfn, slot, adjusted);
            }
        }
        return 0;
    }

    @Refines("mm.validate.descriptors")
    private static int descriptors(final Host host, final long mfn) {
        for (int slot = 0; slot < Pte.ENTRIES; slot++) {
            final long raw = host.entry(mfn, slot);
            if (!Descriptors.harmless(raw)) {
                return -EINVAL;
            }
            final long corrected = Descriptors.corrected(raw);
            if (corrected != raw) {
                host.setEntry(mfn, slot, corrected);
            }
        }
        return 0;
    }

    @Refines("mm.validate.table")
    private static int table(final Vcpu by, final long mfn, final int level, final Domain owner) {
        final Host host = by.host;
        final FrameTable frames = host.frames;
        final int first = frames.validatedEntries(mfn);
        boolean held = frames.partialEntry(mfn);
        for (int slot = first; slot < Pte.ENTRIES; slot++) {
            if (slot > first && level < PageType.L4 && by.preemption.due()) {
                frames.setProgress(mfn, slot, false);
                return -ERESTART;
            }
            final long entry = host.entry(mfn, slot);
            if ((entry & Pte.PRESENT) != 0 && GuestSlots.isGuest(level, slot)) {
                final boolean remember = level > PageType.L2;
                final int result = TableEntries.get(by, level, entry, mfn, owner, held, remember);
                if (result != 0) {
                    return stopped(by, mfn, slot, held, result);
                }
                final long adjusted = EntryFlags.adjustedTable(level, entry);
                if (adjusted != entry) {
                    host.setEntry(mfn, slot, adjusted);
                }
            }
            held = false;
        }
        if (level == PageType.L4) {
            GuestSlots.writeXens(host, mfn, owner.assists(VmAssist.M2P_STRICT));
        }
        return 0;
    }

    /// An entry could not be held. What is held already is left to the calling vCPU to let go.
    private static int stopped(
            final Vcpu by, final long mfn, final int slot, final boolean held, final int result) {
        if (result == -ERESTART) {
            by.host.frames.setProgress(mfn, slot, true);
            return result;
        }
        final boolean below = by.oldTable != Vcpu.NONE;
        if (slot > 0 || below || held) {
            by.host.frames.setProgress(mfn, slot, held || below);
            by.leave(mfn, Vcpu.NONE, true);
        }
        return result;
    }
}
