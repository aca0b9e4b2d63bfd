// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Selectors of the segments that Xen has in the global descriptor table of every 64-bit guest. All
/// of them are of privilege level 3: kernels run at that of user mode.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, FLAT_RING3_CS32 and those after it
public final class FlatSelectors {

    /// 32-bit code.
    public static final int FLAT_RING3_CS32 = 0xE023;

    /// 64-bit code.
    public static final int FLAT_RING3_CS64 = 0xE033;

    /// A stack.
    public static final int FLAT_RING3_SS64 = 0xE02B;

    /// The bits of a selector that hold its privilege level.
    public static final int RPL = 3;

    private FlatSelectors() {}
}
