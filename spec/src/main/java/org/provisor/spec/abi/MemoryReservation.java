// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_memory_reservation`: extents of memory to take, to give back, or to exchange.
///
/// `extentStart` points to a [FrameList] of `nrExtents` entries, each the first of
/// 2<sup>`extentOrder`</sup> frames.
///
/// @xen xen/include/public/memory.h, struct xen_memory_reservation
public record MemoryReservation(
        GuestAddress extentStart,
        long nrExtents,
        long extentOrder,
        MemoryFlags memFlags,
        Domid domid) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_memory_reservation", 32, 20)
                    .field("extent_start", FieldKind.HANDLE, 0, 0)
                    .field("nr_extents", FieldKind.WORD, 8, 4)
                    .field("extent_order", FieldKind.U32, 16, 8)
                    .field("mem_flags", FieldKind.U32, 20, 12)
                    .field("domid", FieldKind.U16, 24, 16);

    /// Reads what a guest wrote.
    public static MemoryReservation fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        return from(LAYOUT.read(bytes, at, bitness), "");
    }

    /// The reservation whose fields have names that start with `prefix`.
    static MemoryReservation from(Struct s, String prefix) {
        return new MemoryReservation(
                s.address(prefix + "extent_start"),
                s.get(prefix + "nr_extents"),
                s.get(prefix + "extent_order"),
                new MemoryFlags(s.get(prefix + "mem_flags")),
                s.domid(prefix + "domid"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return into(before, "");
    }

    /// `before` with all fields replaced whose names start with `prefix`.
    Struct into(Struct before, String prefix) {
        return before.with(prefix + "extent_start", extentStart)
                .with(prefix + "nr_extents", nrExtents)
                .with(prefix + "extent_order", extentOrder)
                .with(prefix + "mem_flags", memFlags.word())
                .with(prefix + "domid", domid);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
