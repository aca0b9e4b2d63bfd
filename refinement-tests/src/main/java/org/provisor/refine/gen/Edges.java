// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

/// Values at which something changes, and their neighbours. Written down from Xen's headers, not
/// taken from the specification.
final class Edges {

    // Page-table entries.

    static final long PRESENT = 1;
    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long WRITE_THROUGH = 1 << 3;
    static final long CACHE_DISABLE = 1 << 4;
    static final long ACCESSED = 1 << 5;
    static final long DIRTY = 1 << 6;
    static final long PAT_OR_LARGE = 1 << 7;
    static final long GLOBAL = 1 << 8;
    static final long NO_EXECUTE = 1L << 63;
    static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

    /// The flags that an ordinary entry has.
    static final long ORDINARY = PRESENT | WRITABLE | USER | ACCESSED;

    /// The same without the right to write.
    static final long READ_ONLY = PRESENT | USER | ACCESSED;

    /// Flags that may change without anything being held anew.
    private static final long[] FREE = {
        USER, ACCESSED, DIRTY, GLOBAL, 1 << 9, 1 << 11, 1L << 52, 1L << 53, 1L << 62, NO_EXECUTE
    };

    /// Flags that some levels or domains may not have, or that hold something.
    private static final long[] BOUND = {
        PRESENT,
        WRITABLE,
        WRITE_THROUGH,
        CACHE_DISABLE,
        PAT_OR_LARGE,
        GLOBAL,
        WRITE_THROUGH | CACHE_DISABLE,
        CACHE_DISABLE | PAT_OR_LARGE,
        WRITE_THROUGH | PAT_OR_LARGE
    };

    /// The slots of tables that programs use: few, so that they meet again; the first and the last,
    /// and those around Xen's part of a root.
    static final int[] SLOTS = {0, 1, 2, 3, 255, 272, 510, 511};

    /// Slots of a root that are Xen's, the first and the last.
    private static final int[] XEN_SLOTS = {256, 257, 271};

    /// Words in a frame.
    static final int WORDS = 512;

    // Domain identifiers.

    static final int SELF = 0x7FF0;
    static final int IO = 0x7FF1;

    private static final int[] DOMIDS = {
        0, 1, 2, 3, 0x7FEF, SELF, IO, 0x7FF2, 0x7FF3, 0x7FF4, 0x7FFF, 0x8000, 0xFFFF, 77
    };

    private static final long[] ADDRESSES = {
        0,
        1,
        0xFFF,
        0x1000,
        0x0000_7FFF_FFFF_F000L,
        0x0000_7FFF_FFFF_FFFFL,
        0x0000_8000_0000_0000L,
        0xFFFF_7FFF_FFFF_FFF8L,
        0xFFFF_8000_0000_0000L,
        0xFFFF_87FF_FFFF_F000L,
        0xFFFF_87FF_FFFF_FFFFL,
        0xFFFF_8800_0000_0000L,
        0xFFFF_FFFF_FFFF_F000L,
        0xFFFF_FFFF_FFFF_FFF0L,
        0xFFFF_FFFF_FFFF_FFFFL
    };

    private static final int[] ORDERS = {0, 0, 0, 1, 1, 2, 3, 8, 9, 10, 12, 13, 18, 19, 31, 32, 63};

    private Edges() {}

    /// Any word, mostly one at a power of two.
    static long word(Chance chance) {
        return switch (chance.below(6)) {
            case 0 -> 0;
            case 1 -> chance.below(17);
            case 2 -> -1L - chance.below(3);
            case 3, 4 -> (1L << chance.below(64)) + chance.below(3) - 1;
            default -> chance.bits();
        };
    }

    /// Any word of 32 bits, likewise.
    static long word32(Chance chance) {
        return word(chance) & 0xFFFF_FFFFL;
    }

    /// An address at which something changes, or any.
    static long address(Chance chance) {
        long address = ADDRESSES[chance.below(ADDRESSES.length)];
        return switch (chance.below(8)) {
            case 0 -> word(chance);
            case 1 -> address + 8L * (chance.below(33) - 16);
            default -> address;
        };
    }

    /// A domain's identifier or a number that means something else.
    static int domid(Chance chance) {
        return chance.oneIn(16)
                ? (int) (word(chance) & 0xFFFF)
                : DOMIDS[chance.below(DOMIDS.length)];
    }

    /// The number of a frame that is beyond the machine, or nearly.
    static long frame(Chance chance, long frames) {
        return switch (chance.below(8)) {
            case 0 -> frames - 1;
            case 1 -> frames;
            case 2 -> frames + 1;
            case 3 -> (1L << 40) - 1 - chance.below(2);
            case 4 -> (1L << 52) - chance.below(2);
            case 5 -> -1;
            case 6 -> 0;
            default -> word(chance);
        };
    }

    /// A slot of a table, mostly one that programs use.
    static int slot(Chance chance) {
        return chance.below(64) == 0 ? chance.below(WORDS) : SLOTS[chance.below(SLOTS.length)];
    }

    /// A slot of a root, sometimes one of Xen's.
    static int rootSlot(Chance chance) {
        return chance.below(12) == 0 ? xenSlot(chance) : slot(chance);
    }

    /// One of Xen's slots of a root.
    static int xenSlot(Chance chance) {
        return XEN_SLOTS[chance.below(XEN_SLOTS.length)];
    }

    /// An order of an extent.
    static long order(Chance chance) {
        return chance.oneIn(32) ? word32(chance) : ORDERS[chance.below(ORDERS.length)];
    }

    /// Flags that are right for most levels.
    static long flags(Chance chance) {
        return switch (chance.below(8)) {
            case 0 -> READ_ONLY;
            case 1 -> PRESENT;
            case 2 -> PRESENT | WRITABLE;
            case 3 -> ORDINARY ^ free(chance);
            default -> ORDINARY;
        };
    }

    /// Flags, right or wrong.
    static long anyFlags(Chance chance) {
        long flags = flags(chance);
        return switch (chance.below(4)) {
            case 0 -> flags ^ bound(chance);
            case 1 -> flags ^ free(chance) ^ free(chance);
            case 2 -> flags ^ bound(chance) ^ free(chance);
            default -> chance.bits() & ~FRAME_MASK;
        };
    }

    /// A flag that may change without anything being held anew.
    static long free(Chance chance) {
        return FREE[chance.below(FREE.length)];
    }

    /// A flag that holds something, or that not everybody may have.
    static long bound(Chance chance) {
        return BOUND[chance.below(BOUND.length)];
    }
}
