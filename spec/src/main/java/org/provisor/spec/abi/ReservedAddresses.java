// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The linear addresses that belong to Xen in every guest's address space.
///
/// A 64-bit guest may use the lower canonical half, and the upper half from [#HYPERVISOR_VIRT_END]
/// on:
///
/// ```
/// 0 ... 7fff_ffff_ffff                    guest
/// ffff_8000_0000_0000 ... 87ff_ffff_ffff  Xen, top-level slots 256 to 271
/// ffff_8800_0000_0000 ... ffff_ffff_ffff  guest
/// ```
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, HYPERVISOR_VIRT_START
/// @xen xen/include/public/arch-x86/xen-x86_32.h, HYPERVISOR_VIRT_START_PAE
/// @xen xen/arch/x86/include/asm/config.h, ROOT_PAGETABLE_FIRST_XEN_SLOT
public final class ReservedAddresses {

    /// First address that is Xen's, for a 64-bit guest.
    public static final long HYPERVISOR_VIRT_START = 0xFFFF_8000_0000_0000L;

    /// First address after Xen's, for a 64-bit guest.
    public static final long HYPERVISOR_VIRT_END = 0xFFFF_8800_0000_0000L;

    /// First top-level page-table slot that is Xen's.
    public static final int ROOT_PAGETABLE_FIRST_XEN_SLOT = 256;

    /// Last top-level page-table slot that is Xen's.
    public static final int ROOT_PAGETABLE_LAST_XEN_SLOT = 271;

    /// First address that can be Xen's in a 32-bit guest.
    public static final long HYPERVISOR_VIRT_START_PAE = 0xF580_0000L;

    private ReservedAddresses() {}
}
