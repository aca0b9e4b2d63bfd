// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_foreign_memory_map`: the memory map to be given to a domain.
///
/// @xen xen/include/public/memory.h, struct xen_foreign_memory_map
public record ForeignMemoryMap(Domid domid, MemoryMap map) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_foreign_memory_map", 24, 12)
                    .field("domid", FieldKind.U16, 0, 0)
                    .field("map.nr_entries", FieldKind.U32, 8, 4)
                    .field("map.buffer", FieldKind.HANDLE, 16, 8);

    /// Reads what a guest wrote.
    public static ForeignMemoryMap fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new ForeignMemoryMap(
                s.domid("domid"), new MemoryMap(s.get("map.nr_entries"), s.address("map.buffer")));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("domid", domid)
                .with("map.nr_entries", map.nrEntries())
                .with("map.buffer", map.buffer());
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
