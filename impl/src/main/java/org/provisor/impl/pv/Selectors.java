// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

/// Selectors of the flat segments that Xen has in every descriptor table.
///
/// @xen xen/include/public/arch-x86/xen-x86_64.h, FLAT_RING3_CS64 and those beside it
public final class Selectors {

    /// 32-bit code.
    public static final int FLAT_CS32 = 0xE023;

    /// 64-bit code.
    public static final int FLAT_CS64 = 0xE033;

    /// Data.
    public static final int FLAT_SS = 0xE02B;

    /// The privilege level of a selector; kernels run at that of user mode.
    static final int PRIVILEGE = 3;

    private Selectors() {}
}
