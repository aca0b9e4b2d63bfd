// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// What a vector leads to.
///
/// @param flags the byte that the guest gave
/// @param selector the code segment that the guest gave, of privilege level 3; kept, and not used:
///   64-bit kernels are entered in Xen's flat segment
/// @param address where it begins
/// @xen xen/include/public/arch-x86/xen.h, struct trap_info, TI_GET_DPL, TI_GET_IF
public record TrapHandler(int flags, int selector, long address) {

    /// From which privilege level on software may raise the vector.
    public int privilege() {
        return flags & 3;
    }

    /// Whether events are masked on the way in.
    public boolean masksEvents() {
        return (flags & 4) != 0;
    }
}
