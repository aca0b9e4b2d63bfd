// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The `flags` argument of `update_va_mapping`: what to flush, and where.
///
/// The lower two bits say what to flush. The other bits say where: all clear for the local
/// processor, bit 2 alone for all, anything else is the address of a bitmap of virtual processors.
///
/// @xen xen/include/public/xen.h, enum uvm_flags
/// @xen xen/arch/x86/mm.c, __do_update_va_mapping, the switch over flags
public record UvmFlags(long word) {

    /// Nothing to flush.
    public static final long NONE = 0;

    /// Flush the translations of all addresses.
    public static final long TLB_FLUSH = 1;

    /// Flush the translations of this address.
    public static final long INVLPG = 2;

    /// The bits that say what to flush. A value of 3 flushes nothing.
    public static final long FLUSHTYPE_MASK = 3;

    /// On the processors of a bitmap, whose address is put in as well.
    public static final long MULTI = 0;

    /// On this processor.
    public static final long LOCAL = 0;

    /// On all processors that the domain has run on.
    public static final long ALL = 1 << 2;

    /// What to flush: [#NONE], [#TLB_FLUSH], [#INVLPG], or 3.
    public long flushType() {
        return word & FLUSHTYPE_MASK;
    }

    /// Where to flush: [#LOCAL], [#ALL], or the address of a bitmap.
    public long target() {
        return word & ~FLUSHTYPE_MASK;
    }

    /// Whether the target is a bitmap.
    public boolean namesBitmap() {
        return target() != LOCAL && target() != ALL;
    }

    /// The address of the bitmap, if the target is one.
    public GuestAddress bitmap() {
        return new GuestAddress(target());
    }
}
