// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import org.provisor.spec.notation.Clause;

/// A linear address as the walk of four levels takes it apart.
///
///     63         48 47      39 38      30 29      21 20      12 11         0
///    +-------------+----------+----------+----------+----------+------------+
///    | as bit 47   | level 4  | level 3  | level 2  | level 1  | offset     |
///    +-------------+----------+----------+----------+----------+------------+
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public record LinearAddress(long value) {

    private static final int PAGE_BITS = 12;
    private static final int SLOT_BITS = 9;
    private static final int UNUSED_BITS = 16;

    /// Whether bits 63 to 48 are all as bit 47. The processor makes no other address into a page
    /// fault; it raises a general-protection or stack fault before it walks.
    ///
    /// @sdm 1, "Canonical Addressing"
    @Clause("x86.canonical")
    public static boolean canonical(long value) {
        return value << UNUSED_BITS >> UNUSED_BITS == value;
    }

    /// Whether this address is canonical.
    public boolean canonical() {
        return canonical(value);
    }

    /// Which entry of a table of this level, 1 to 4, the walk uses.
    public int slot(int level) {
        return (int) (value >>> offsetBits(level)) & (1 << SLOT_BITS) - 1;
    }

    /// The place in a page that an entry of this level maps: 4 KiB, 2 MiB or 1 GiB.
    public long offset(int level) {
        return value & (1L << offsetBits(level)) - 1;
    }

    /// The address whose walk uses these slots, and this offset in a page of 4 KiB.
    public static LinearAddress of(int level4, int level3, int level2, int level1, int offset) {
        long slots = (((long) level4 << SLOT_BITS | level3) << SLOT_BITS | level2) << SLOT_BITS;
        long value = (slots | level1) << PAGE_BITS | offset;
        return new LinearAddress(value << UNUSED_BITS >> UNUSED_BITS);
    }

    private static int offsetBits(int level) {
        return PAGE_BITS + SLOT_BITS * (level - 1);
    }
}
