// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_machphys_mfn_list`: room for a [FrameList] of the 2 MiB extents that make up the
/// machine-to-physical table, and how many entries were filled.
///
/// @xen xen/include/public/memory.h, struct xen_machphys_mfn_list
public record MachphysMfnList(long maxExtents, GuestAddress extentStart, long nrExtents) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_machphys_mfn_list", 24, 12)
                    .field("max_extents", FieldKind.U32, 0, 0)
                    .field("extent_start", FieldKind.HANDLE, 8, 4)
                    .field("nr_extents", FieldKind.U32, 16, 8);

    /// Reads what a guest wrote.
    public static MachphysMfnList fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MachphysMfnList(
                s.get("max_extents"), s.address("extent_start"), s.get("nr_extents"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("max_extents", maxExtents)
                .with("extent_start", extentStart)
                .with("nr_extents", nrExtents);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
