// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The shape of a guest's descriptor table: the guest's part, then Xen's.
///
/// @xen xen/include/public/arch-x86/xen.h, FIRST_RESERVED_GDT_PAGE
/// @xen xen/include/public/arch-x86/xen-x86_64.h, FLAT_KERNEL_CS
/// @xen xen/include/public/arch-x86/xen-x86_32.h, FLAT_KERNEL_CS
public final class GuestGdt {

    /// Frames that a guest may fill.
    public static final int FIRST_RESERVED_GDT_PAGE = 14;

    /// Bytes in them.
    public static final int FIRST_RESERVED_GDT_BYTE =
            FIRST_RESERVED_GDT_PAGE * PageFrames.PAGE_SIZE;

    /// Descriptors in them: the highest count that `set_gdt` takes.
    public static final int FIRST_RESERVED_GDT_ENTRY =
            FIRST_RESERVED_GDT_BYTE / SegmentDescriptor.BYTES;

    /// Descriptors in one frame.
    public static final int ENTRIES_PER_PAGE = PageFrames.PAGE_SIZE / SegmentDescriptor.BYTES;

    /// The flat code segment that Xen provides for the kernel of a 64-bit guest.
    public static final int FLAT_KERNEL_CS64 = 0xE033;

    /// The flat code segment that Xen provides for the kernel of a 32-bit guest.
    public static final int FLAT_KERNEL_CS32 = 0xE019;

    private GuestGdt() {}
}
