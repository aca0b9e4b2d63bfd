// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.Domid;

/// One machine frame.
///
/// @param owner the domain it belongs to; {@link Domid#INVALID} while nobody owns it
/// @param refs how many general references are held; a frame with none is free or Xen's
/// @param allocated whether one of the references is the owner's allocation
/// @param special whether Xen keeps it for its own use with the guest (shared info, grant tables)
/// @param use its type
/// @param m2p what the machine-to-physical table says of it: the guest's word, never trusted
/// @param stale whether a TLB of its owner may still hold a writable translation of it that no page
///   table has any more
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info, PGC_allocated to PGC_count_mask
public record Frame(
        Domid owner,
        long refs,
        boolean allocated,
        boolean special,
        TypeUse use,
        long m2p,
        boolean stale) {

    /// The largest number of general references. The last one is kept back, so that a holder can
    /// always take one more.
    public static final long MAX_REFS = (1L << 57) - 1;

    /// What the machine-to-physical table says of a frame that has no guest frame number.
    public static final long INVALID_M2P = -1L;

    /// A frame that can be allocated.
    public static final Frame FREE =
            new Frame(Domid.INVALID, 0, false, false, TypeUse.NONE, INVALID_M2P, false);

    /// A frame as a domain gets it from the allocator.
    public static Frame allocatedTo(Domid owner) {
        return new Frame(owner, 1, true, false, TypeUse.NONE, INVALID_M2P, false);
    }

    /// A frame that Xen shares with a domain for writing.
    public static Frame sharedWith(Domid owner) {
        return new Frame(owner, 1, true, true, TypeUse.SHARED_FOR_WRITING, INVALID_M2P, false);
    }

    /// A frame of memory-mapped input and output, or of the first megabyte.
    public static final Frame MMIO =
            new Frame(Domid.IO, 1, true, false, TypeUse.SHARED_FOR_WRITING, INVALID_M2P, false);

    /// A frame of the hypervisor itself: no guest can get hold of it.
    public static final Frame XEN =
            new Frame(Domid.XEN, 0, false, true, TypeUse.NONE, INVALID_M2P, false);

    public boolean ownedBy(Domid domain) {
        return owner.equals(domain);
    }

    /// Whether the allocator may hand it out.
    public boolean free() {
        return refs == 0 && !special && owner.equals(Domid.INVALID);
    }

    public Table table() {
        return use.table();
    }

    public Frame withRefs(long references) {
        return new Frame(owner, references, allocated, special, use, m2p, stale);
    }

    public Frame withUse(TypeUse now) {
        return new Frame(owner, refs, allocated, special, now, m2p, stale);
    }

    public Frame withTable(Table now) {
        return withUse(use.withTable(now));
    }

    public Frame withM2p(long gfn) {
        return new Frame(owner, refs, allocated, special, use, gfn, stale);
    }

    public Frame withStale(boolean now) {
        return now == stale ? this : new Frame(owner, refs, allocated, special, use, m2p, now);
    }

    /// The same frame without its owner's allocation reference.
    public Frame released() {
        return new Frame(owner, refs - 1, false, special, use, m2p, stale);
    }
}
