// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.bits;

import org.provisor.impl.Refines;

/// Linear addresses of a 64-bit guest, and pages.
///
/// @sdm 1, "Canonical Addressing"
public final class Addresses {

    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    public static final long PAGE_OFFSET = PAGE_SIZE - 1;

    /// The bits of a machine address that say which page.
    public static final long PAGE_MASK = 0x000F_FFFF_FFFF_F000L;

    /// How many bits a frame number may have.
    public static final int FRAME_BITS = 52 - PAGE_SHIFT;

    private static final long LOWER_HALF_END = 1L << 47;
    private static final long XEN_END = 0xFFFF_8800_0000_0000L;

    private Addresses() {}

    /// Whether bits 63 to 48 are all as bit 47.
    @Refines("x86.canonical")
    public static boolean canonical(long linear) {
        return linear << 16 >> 16 == linear;
    }

    /// Whether a guest may name this address: below the hole of addresses that are not canonical,
    /// or behind Xen's part of the upper half.
    public static boolean ofGuest(long linear) {
        return Long.compareUnsigned(linear, LOWER_HALF_END) < 0
                || Long.compareUnsigned(linear, XEN_END) >= 0;
    }

    /// Which slot of a table of `level` (1 to 4) the walk of an address uses.
    public static int slot(long linear, int level) {
        return (int) (linear >>> (3 + 9 * level)) & 0x1FF;
    }
}
