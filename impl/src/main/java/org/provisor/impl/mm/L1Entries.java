// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EACCES;
import static org.provisor.impl.abi.Errno.EBUSY;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.EPERM;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.bits.Pte;

/// What a present level 1 entry holds: a general reference on the frame it maps, and one to the
/// type writable if it lets the guest write.
///
/// @xen xen/arch/x86/mm.c, get_page_from_l1e, put_page_from_l1e
final class L1Entries {

    /// What an entry names that is to name no frame: all bits set.
    private static final long NO_FRAME = Pte.mfn(-1L);

    private L1Entries() {}

    /// Takes the references of a present entry in a table of `tableOwner`, mapping a frame that is
    /// said to be of `dataOwner`. What is to be stored is in [Vcpu#taken].
    @Refines("mm.entry.get-frame")
    static int get(final Vcpu by, final long entry, final Domain tableOwner, final int dataOwner) {
        if ((entry & tableOwner.forbiddenL1) != 0) {
            return -EINVAL;
        }
        by.taken = entry;
        final FrameTable frames = by.host.frames;
        final long mfn = Pte.mfn(entry);
        if (!frames.exists(mfn) || frames.owner(mfn) == DomainIds.IO) {
            return device(by, entry, tableOwner, dataOwner);
        }
        if (!frames.getAnybodys(mfn)) {
            return -EBUSY;
        }
        final int owner = frames.owner(mfn);
        if (owner != dataOwner && !mayMap(by, entry, owner, tableOwner, dataOwner)) {
            by.host.put(mfn);
            return -EBUSY;
        }
        final boolean writable = (entry & Pte.RW) != 0;
        if (writable && PageTypes.get(by, mfn, PageType.WRITABLE) != 0) {
            by.host.put(mfn);
            return -EBUSY;
        }
        if ((entry & Pte.CACHING) != 0 && (frames.count(mfn) & FrameTable.SPECIAL) != 0) {
            put(by, entry);
            return -EACCES;
        }
        return 0;
    }

    /// Whether a frame may be mapped that is not `dataOwner`'s: the right to map one's target's
    /// memory passes on to whoever may map one's own, but not within one domain; what is shared
    /// copy-on-write may be mapped read-only.
    private static boolean mayMap(
            final Vcpu by,
            final long entry,
            final int owner,
            final Domain tableOwner,
            final int dataOwner) {
        if (owner == DomainIds.COW) {
            return (entry & Pte.RW) == 0;
        }
        final Domain data = dataOwner == tableOwner.id ? null : by.host.domain(dataOwner);
        return data != null && data.mayActOn(owner);
    }

    /// A mapping of what is not ordinary memory: no reference is taken, the processor must not
    /// cache it, and where it must not be written writing is taken away.
    @Refines("mm.entry.get-device")
    private static int device(
            final Vcpu by, final long entry, final Domain tableOwner, final int dataOwner) {
        final long mfn = Pte.mfn(entry);
        final Domain who = dataOwner == DomainIds.IO ? by.domain : by.host.domain(dataOwner);
        if (who == null
                || !who.mayMapDevice(mfn)
                || (who != tableOwner && !tableOwner.mayMapDevice(mfn))) {
            return mfn == NO_FRAME ? -EINVAL : -EPERM;
        }
        final FrameSet readOnly = by.host.readOnlyDevices;
        final boolean noWrites = mfn < readOnly.capacity() && readOnly.contains(mfn);
        by.taken = uncached(noWrites ? entry & ~Pte.RW : entry);
        return 0;
    }

    /// Write-back becomes uncacheable, as do write-through and write-protected. The uncacheable
    /// types and write-combining stay.
    private static long uncached(final long entry) {
        if ((entry & Pte.CACHING) == 0) {
            return entry | Pte.PWT | Pte.PCD;
        }
        return (entry & (Pte.PWT | Pte.PCD)) == Pte.PWT ? (entry | Pte.PCD) & ~Pte.PAT : entry;
    }

    /// Drops the references of an entry.
    @Refines("mm.entry.put-frame")
    static void put(final Vcpu by, final long entry) {
        if ((entry & Pte.PRESENT) == 0) {
            return;
        }
        final FrameTable frames = by.host.frames;
        final long mfn = Pte.mfn(entry);
        if (!frames.exists(mfn) || frames.owner(mfn) == DomainIds.IO) {
            return;
        }
        if ((entry & Pte.RW) != 0) {
            PageTypes.put(by, mfn);
        }
        by.host.put(mfn);
    }
}
