// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_memory_exchange`: extents to give back, extents wanted for them, and how many of the
/// first have been exchanged.
///
/// @xen xen/include/public/memory.h, struct xen_memory_exchange
public record MemoryExchange(MemoryReservation in, MemoryReservation out, long nrExchanged) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_memory_exchange", 72, 44)
                    .field("in.extent_start", FieldKind.HANDLE, 0, 0)
                    .field("in.nr_extents", FieldKind.WORD, 8, 4)
                    .field("in.extent_order", FieldKind.U32, 16, 8)
                    .field("in.mem_flags", FieldKind.U32, 20, 12)
                    .field("in.domid", FieldKind.U16, 24, 16)
                    .field("out.extent_start", FieldKind.HANDLE, 32, 20)
                    .field("out.nr_extents", FieldKind.WORD, 40, 24)
                    .field("out.extent_order", FieldKind.U32, 48, 28)
                    .field("out.mem_flags", FieldKind.U32, 52, 32)
                    .field("out.domid", FieldKind.U16, 56, 36)
                    .field("nr_exchanged", FieldKind.WORD, 64, 40);

    /// Reads what a guest wrote.
    public static MemoryExchange fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MemoryExchange(
                MemoryReservation.from(s, "in."),
                MemoryReservation.from(s, "out."),
                s.get("nr_exchanged"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return out.into(in.into(before, "in."), "out.").with("nr_exchanged", nrExchanged);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
