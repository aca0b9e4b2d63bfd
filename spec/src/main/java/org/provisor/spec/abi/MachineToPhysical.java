// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The machine-to-physical table: where a guest sees it, and its entries that name no guest frame.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, MACH2PHYS_VIRT_START
/// @xen xen/include/public/arch-x86/xen-x86_32.h, MACH2PHYS_VIRT_START_PAE
/// @xen xen/arch/x86/include/asm/mm.h, INVALID_M2P_ENTRY
/// @xen xen/arch/x86/include/asm/config.h, MACH2PHYS_COMPAT_VIRT_END
public final class MachineToPhysical {

    /// Where the table starts for a 64-bit guest.
    public static final long MACH2PHYS_VIRT_START = 0xFFFF_8000_0000_0000L;

    /// First address after the table for a 64-bit guest.
    public static final long MACH2PHYS_VIRT_END = 0xFFFF_8040_0000_0000L;

    /// Entries of 64 bits between the two.
    public static final long MACH2PHYS_NR_ENTRIES =
            (MACH2PHYS_VIRT_END - MACH2PHYS_VIRT_START) >> 3;

    /// Where the table starts, at the lowest, for a 32-bit guest.
    public static final long MACH2PHYS_VIRT_START_PAE = 0xF580_0000L;

    /// First address after the table on a 32-bit Xen; 32-bit guests of a 64-bit Xen see more of it.
    public static final long MACH2PHYS_VIRT_END_PAE = 0xF680_0000L;

    /// First address after the table for a 32-bit guest of a 64-bit Xen.
    public static final long MACH2PHYS_COMPAT_VIRT_END = 0xFFE0_0000L;

    /// The entry of a frame that is no guest's.
    public static final long INVALID_M2P_ENTRY = -1L;

    /// The entry of a frame that guests share copy-on-write.
    public static final long SHARED_M2P_ENTRY = -2L;

    private MachineToPhysical() {}
}
