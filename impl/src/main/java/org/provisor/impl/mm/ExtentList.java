// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

/// The list of frame numbers, a word each, that a reservation points to in the caller's memory.
///
/// @xen xen/include/public/memory.h, struct xen_memory_reservation, extent_start
final class ExtentList {

    /// No list may have so many entries, or more.
    private static final long ENTRIES_END = Long.divideUnsigned(-1L, Long.BYTES);

    private ExtentList() {}

    /// Whether the caller may name the entries from `first` to before `end`. Where the whole list
    /// starts does not matter.
    ///
    /// @xen xen/arch/x86/include/asm/guest_access.h, guest_handle_subrange_okay
    @Refines({"mm.guest-address.sub-range", "mm.guest-address.array"})
    static boolean ok(final long list, final long first, final long end) {
        return Long.compareUnsigned(end - first, ENTRIES_END) < 0
                && Addresses.ofGuest(entry(list, first));
    }

    static long entry(final long list, final long index) {
        return list + index * Long.BYTES;
    }

    /// Reads an entry to the first of the caller's words.
    ///
    /// @return whether it could be read
    static boolean read(final Vcpu by, final long list, final long index) {
        return CallerMemory.read(by, entry(list, index), by.words, Long.BYTES);
    }

    /// Writes a frame's number to an entry.
    ///
    /// @return whether it could be written
    @Refines("mm.extent-list.write")
    static boolean write(final Vcpu by, final long list, final long index, final long mfn) {
        return CallerMemory.write(by, entry(list, index), mfn, Long.BYTES);
    }
}
