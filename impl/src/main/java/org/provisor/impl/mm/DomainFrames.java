// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.memory.FrameAllocator;

/// How frames become a domain's and how they are taken from it.
///
/// A domain's frames and its totals change with its pages locked where that a domain is alive must
/// stay so: once it is seen to be dying, it gets nothing more.
///
/// @xen xen/common/page_alloc.c, alloc_domheap_pages, assign_pages
/// @xen xen/arch/x86/mm.c, steal_page
final class DomainFrames {

    /// In place of a frame number.
    static final long NONE = FrameAllocator.NONE;

    private DomainFrames() {}

    /// Allocates 2<sup>`order`</sup> frames for nobody as yet. Each request is in the trace, also
    /// one that cannot be met anywhere.
    ///
    /// @param frameBits which frames will do, see [MemoryLimits]
    /// @param claim how many frames are kept back for this request
    /// @return the first, or [#NONE]
    @Refines("mm.allocate")
    static long allocate(final Vcpu by, final int order, final int frameBits, final long claim) {
        if (frameBits == MemoryLimits.NOWHERE) {
            by.host.refusedAllocation(by, order);
            return NONE;
        }
        return by.host.allocate(by, order, frameBits, claim);
    }

    /// Allocates 2<sup>`order`</sup> frames and makes them a domain's. They count, and its claim
    /// shrinks.
    ///
    /// @param numbered whether the domain calls them `gfn` and so on
    /// @return the first, or [#NONE] if there are none, or if the domain is dying or has too many
    @Refines("mm.assign")
    static long take(
            final Vcpu by,
            final Domain domain,
            final int order,
            final int frameBits,
            final boolean numbered,
            final long gfn) {
        if (!mayHave(domain, order)) {
            by.host.refusedAllocation(by, order);
            return NONE;
        }
        final long first = allocate(by, order, frameBits, domain.claim);
        if (first == NONE) {
            return NONE;
        }
        domain.lockPages();
        final boolean still = mayHave(domain, order);
        if (still) {
            by.host.adjustPages(domain, 1L << order);
            own(by.host, domain, first, order, numbered, gfn);
        }
        domain.unlockPages();
        if (!still) {
            by.host.allocator.free(first, 1L << order);
            return NONE;
        }
        return first;
    }

    private static boolean mayHave(final Domain domain, final int order) {
        return !domain.dying() && domain.totPages + (1L << order) <= domain.maxPages;
    }

    /// Makes allocated frames a domain's that counts them already, unless it is dying.
    ///
    /// @return whether they are its own
    static boolean give(
            final Host host,
            final Domain domain,
            final long first,
            final int order,
            final boolean numbered,
            final long gfn) {
        domain.lockPages();
        final boolean alive = !domain.dying();
        if (alive) {
            own(host, domain, first, order, numbered, gfn);
        }
        domain.unlockPages();
        return alive;
    }

    /// Frames that nobody can refer to become a domain's. Those that it numbers are numbered first;
    /// for its device, if it has one, they are idle as writable.
    ///
    /// @xen xen/arch/x86/mm/physmap.c, guest_physmap_add_page
    @Refines("mm.physmap.add")
    private static void own(
            final Host host,
            final Domain domain,
            final long first,
            final int order,
            final boolean numbered,
            final long gfn) {
        final FrameTable frames = host.frames;
        for (long i = 0; i < 1L << order; i++) {
            final long mfn = first + i;
            if (numbered) {
                host.setMachineToPhysical(mfn, gfn + i);
            }
            // From when it is assigned, another vCPU may give it back.
            domain.owned.add(mfn);
            frames.assign(mfn, domain.id, numbered && domain.assigned);
        }
    }

    /// Takes a frame out of a domain's hands that nobody uses. The domain still counts it; what the
    /// machine-to-physical table says of it stays.
    ///
    /// @return whether it was the domain's and unused: it is nobody's now
    @Refines("mm.steal-page")
    static boolean steal(final Host host, final Domain domain, final long mfn) {
        if (!host.frames.seized(mfn, domain.id)) {
            return false;
        }
        if (host.owner(mfn) != domain) {
            // The domain has gone, and another has its identifier and this frame.
            host.frames.unseize(mfn);
            return false;
        }
        domain.owned.remove(mfn);
        host.frames.unown(mfn);
        return true;
    }

    /// Gives a list of stolen frames back to the domain that they were stolen from. If that is
    /// dying by now, they are free, and count no more.
    ///
    /// @param last the last of the list, see [FrameTable#next]
    /// @param count how many there are
    @Refines("mm.exchange.undo")
    static void restore(final Host host, final Domain domain, final long last, final long count) {
        domain.lockPages();
        final boolean alive = !domain.dying();
        long mfn = last;
        while (alive && mfn != NONE) {
            final long next = host.frames.next(mfn);
            domain.owned.add(mfn);
            host.frames.assign(mfn, domain.id, false);
            mfn = next;
        }
        domain.unlockPages();
        if (!alive) {
            free(host, last);
            uncount(host, domain, count);
        }
    }

    /// A dying domain counts frames no more that were stolen from it.
    static void uncount(final Host host, final Domain domain, final long count) {
        domain.lockPages();
        host.adjustPages(domain, -count);
        domain.unlockPages();
        host.goneIfEmpty(domain);
    }

    /// Makes a list of stolen frames free.
    ///
    /// @param last the last of the list, see [FrameTable#next]
    static void free(final Host host, final long last) {
        long mfn = last;
        while (mfn != NONE) {
            final long next = host.frames.next(mfn);
            host.free(mfn);
            mfn = next;
        }
    }
}
