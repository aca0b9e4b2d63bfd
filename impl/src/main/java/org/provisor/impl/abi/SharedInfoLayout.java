// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where things are in the page that Xen and a 64-bit guest share.
///
/// @xen xen/include/public/xen.h, struct shared_info
/// @xen xen/include/public/arch-x86/xen.h, struct arch_shared_info
/// @xen xen/include/public/xen.h, struct vcpu_info, struct vcpu_time_info
public final class SharedInfoLayout {

    /// The size of what there is of each vCPU, from the beginning of the page on, and where things
    /// are in it: whether events are pending and whether they are masked, a byte each; the address
    /// of the last page fault; the time.
    public static final int VCPU_INFO_BYTES = 0x40;

    public static final int UPCALL_PENDING = 0;
    public static final int UPCALL_MASK = 1;
    public static final int CR2 = 0x10;
    public static final int TIME_VERSION = 0x20;
    public static final int TIME_TSC = 0x28;
    public static final int TIME_SYSTEM = 0x30;
    public static final int TIME_MULTIPLIER = 0x38;
    public static final int TIME_SHIFT = 0x3C;

    /// How many frames the guest says it has numbered, 8 bytes.
    public static final int MAX_PFN = 0xC10;

    private SharedInfoLayout() {}
}
