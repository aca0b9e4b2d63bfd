// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where the fields of a memory map are, in words as read from a 64-bit guest.
///
///     offset  bytes                        offset  bytes
///      0      4      nr_entries             0      8      address of a range
///      8      8      buffer                 8      8      its size
///     16                                   16      4      its type
///                                          20
///
/// Ranges follow each other without a gap: every second of them starts in the middle of a word. A
/// map for another domain has the domain's identifier in a word before it.
///
/// @xen xen/include/public/memory.h, struct xen_memory_map, struct xen_foreign_memory_map
public final class MemoryMapLayout {

    public static final int BYTES = 16;
    public static final int FOREIGN_BYTES = 24;

    /// In words: where the map is in one for another domain.
    public static final int FOREIGN_MAP = 1;

    public static final int RANGE_BYTES = 20;
    public static final int RANGE_SIZE = 8;
    public static final int RANGE_TYPE = 16;

    private MemoryMapLayout() {}

    /// 32 bits, not negative.
    public static long entries(final long[] words, final int first) {
        return words[first] & 0xFFFF_FFFFL;
    }

    public static long buffer(final long[] words, final int first) {
        return words[first + 1];
    }

    /// 8 bytes at an offset that 4 divides.
    public static long eight(final long[] words, final int offset) {
        final int word = offset >>> 3;
        return (offset & 4) == 0 ? words[word] : (words[word] >>> 32) | (words[word + 1] << 32);
    }

    /// 4 bytes at an offset that 4 divides, not negative.
    public static long four(final long[] words, final int offset) {
        final long word = words[offset >>> 3];
        return (offset & 4) == 0 ? word & 0xFFFF_FFFFL : word >>> 32;
    }
}
