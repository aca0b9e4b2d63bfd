// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_memory_map`: room for [E820Entry] entries, and how many there are.
///
/// @xen xen/include/public/memory.h, struct xen_memory_map
public record MemoryMap(long nrEntries, GuestAddress buffer) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_memory_map", 16, 8)
                    .field("nr_entries", FieldKind.U32, 0, 0)
                    .field("buffer", FieldKind.HANDLE, 8, 4);

    /// Reads what a guest wrote.
    public static MemoryMap fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MemoryMap(s.get("nr_entries"), s.address("buffer"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("nr_entries", nrEntries).with("buffer", buffer);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
