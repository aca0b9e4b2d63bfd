// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The `foreigndom` argument of `mmu_update` and `mmuext_op`: on whose behalf the call acts.
///
/// The low half names the owner of the frames that entries refer to. The upper half, used by
/// `mmu_update` only, names the owner of the page tables: 0 for the caller, else domain + 1.
///
/// When all requests are done but a page table is still being taken down, the call comes again with
/// its final result in this argument's place.
///
/// @xen xen/include/public/xen.h, HYPERVISOR_mmu_update, "foreigndom"
/// @xen xen/arch/x86/mm.c, do_mmu_update, the continuation after the loop
public record ForeignDomains(long word) {

    /// Both owners are the caller.
    public static final ForeignDomains SELF = new ForeignDomains(Domid.SELF.value());

    public ForeignDomains {
        if (word >>> 32 != 0) {
            throw new IllegalArgumentException("foreigndom of " + Long.toHexString(word));
        }
    }

    /// Frames of `frames`, in page tables of the caller.
    public static ForeignDomains of(Domid frames) {
        return new ForeignDomains(frames.value());
    }

    /// Frames of `frames`, in page tables of `tables`.
    public static ForeignDomains of(Domid frames, Domid tables) {
        return new ForeignDomains(((tables.value() + 1L) << 16) | frames.value());
    }

    /// The argument that carries `result` to the end of a call.
    public static ForeignDomains carrying(int result) {
        return new ForeignDomains(result & 0xFFFF_FFFFL);
    }

    /// The owner of the frames that entries refer to.
    public Domid frames() {
        return new Domid((int) (word & 0xFFFF));
    }

    /// Whether page tables of a named domain are meant, rather than the caller's.
    public boolean namesTables() {
        return word >>> 16 != 0;
    }

    /// The owner of the page tables; `SELF` when none is named.
    public Domid tables() {
        return namesTables() ? new Domid((int) (word >>> 16) - 1) : Domid.SELF;
    }

    /// The result that the argument carries, if that is what it is used for.
    public int result() {
        return (int) word;
    }
}
