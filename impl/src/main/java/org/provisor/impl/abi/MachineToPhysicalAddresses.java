// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where a 64-bit guest sees the machine-to-physical table.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, MACH2PHYS_VIRT_START, MACH2PHYS_VIRT_END
public final class MachineToPhysicalAddresses {

    public static final long START = 0xFFFF_8000_0000_0000L;
    public static final long END = 0xFFFF_8040_0000_0000L;

    /// How many frames there is room for.
    public static final long FRAMES = (END - START) / Long.BYTES;

    private MachineToPhysicalAddresses() {}
}
