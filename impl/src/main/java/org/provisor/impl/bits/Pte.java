// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.bits;

/// The bits of a page-table entry of any level.
///
///     63 62        52 51            12 11   9 8 7   6 5 4   3   2  1  0
///     NX  available    frame           avail  G PAT D A PCD PWT US RW P
///
/// Bit 7 is PAT in a level 1 entry and PS, the large page, above.
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public final class Pte {

    public static final long PRESENT = 1L;
    public static final long RW = 1L << 1;
    public static final long USER = 1L << 2;
    public static final long PWT = 1L << 3;
    public static final long PCD = 1L << 4;
    public static final long ACCESSED = 1L << 5;
    public static final long DIRTY = 1L << 6;

    /// In a level 1 entry.
    public static final long PAT = 1L << 7;

    /// Above level 1.
    public static final long PSE = 1L << 7;

    public static final long GLOBAL = 1L << 8;
    public static final long AVAILABLE = 0b111L << 9;

    /// Xen's mark on a kernel entry, one of the available high bits.
    public static final long GUEST_KERNEL = 1L << 52;

    public static final long AVAILABLE_HIGH = 0x7FFL << 52;
    public static final long NX = 1L << 63;

    public static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    /// What chooses the memory type in a level 1 entry.
    public static final long CACHING = PWT | PCD | PAT;

    /// How many entries a table has.
    public static final int ENTRIES = 512;

    private Pte() {}

    /// The frame that an entry names.
    public static long mfn(long entry) {
        return (entry & ADDRESS) >>> 12;
    }
}
