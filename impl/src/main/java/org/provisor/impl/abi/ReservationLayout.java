// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where the fields of a reservation are, in words as read from a 64-bit guest.
///
///     offset  bytes
///      0      8      extent_start  list of the extents' frame numbers
///      8      8      nr_extents    how many extents
///     16      4      extent_order  log2 of the frames in each
///     20      4      mem_flags
///     24      2      domid
///     32
///
/// An exchange is two of them, of what is given and of what is wanted, and a word that counts the
/// extents given.
///
/// @xen xen/include/public/memory.h, struct xen_memory_reservation, struct xen_memory_exchange
public final class ReservationLayout {

    public static final int BYTES = 32;

    /// In an exchange: the first word of what is given, and of what is wanted.
    public static final int IN = 0;

    public static final int OUT = 4;

    /// In an exchange: where the count is.
    public static final int EXCHANGED_OFFSET = 64;

    public static final int EXCHANGE_BYTES = 72;

    private ReservationLayout() {}

    public static long list(final long[] words, final int first) {
        return words[first];
    }

    public static long extents(final long[] words, final int first) {
        return words[first + 1];
    }

    /// 32 bits, not negative.
    public static long order(final long[] words, final int first) {
        return words[first + 2] & 0xFFFF_FFFFL;
    }

    public static int flags(final long[] words, final int first) {
        return (int) (words[first + 2] >>> 32);
    }

    public static int domain(final long[] words, final int first) {
        return (int) words[first + 3] & 0xFFFF;
    }

    public static long exchanged(final long[] words) {
        return words[EXCHANGED_OFFSET >>> 3];
    }
}
