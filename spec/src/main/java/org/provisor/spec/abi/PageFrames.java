// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Sizes of frames and of the tables in them.
///
/// @xen xen/arch/x86/include/asm/page-bits.h
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public final class PageFrames {

    /// log2 of the bytes in a frame.
    public static final int PAGE_SHIFT = 12;

    /// Bytes in a frame.
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;

    /// log2 of the entries in a page table, and of the descriptors in a frame.
    public static final int PAGETABLE_ORDER = 9;

    /// Entries in a page table.
    public static final int PAGETABLE_ENTRIES = 1 << PAGETABLE_ORDER;

    /// Bits in a machine address, as far as page-table entries can hold one.
    public static final int PADDR_BITS = 52;

    private PageFrames() {}
}
