// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct e820entry`: one range of a memory map, as the firmware call of that name gives it.
/// Twenty bytes for guests of both kinds; entries follow each other without a gap.
///
/// @xen xen/arch/x86/include/asm/e820.h, struct e820entry
/// @xen xen/include/public/memory.h, struct xen_memory_map, buffer
public record E820Entry(long addr, long length, long type) {

    /// Where the fields are. `size` is named `length` in the record.
    public static final Layout LAYOUT =
            Layout.of("struct e820entry", 20, 20)
                    .field("addr", FieldKind.U64, 0, 0)
                    .field("size", FieldKind.U64, 8, 8)
                    .field("type", FieldKind.U32, 16, 16);

    /// Reads one entry.
    public static E820Entry fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new E820Entry(s.get("addr"), s.get("size"), s.get("type"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("addr", addr).with("size", length).with("type", type);
    }

    /// The bytes of one entry.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
