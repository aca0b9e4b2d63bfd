// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_machphys_mapping`: where a guest sees the machine-to-physical table, and the highest
/// frame that it covers.
///
/// @xen xen/include/public/memory.h, struct xen_machphys_mapping
public record MachphysMapping(GuestAddress vStart, GuestAddress vEnd, Mfn maxMfn) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_machphys_mapping", 24, 12)
                    .field("v_start", FieldKind.WORD, 0, 0)
                    .field("v_end", FieldKind.WORD, 8, 4)
                    .field("max_mfn", FieldKind.WORD, 16, 8);

    /// Reads what Xen wrote.
    public static MachphysMapping fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MachphysMapping(
                s.address("v_start"), s.address("v_end"), new Mfn(s.get("max_mfn")));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("v_start", vStart).with("v_end", vEnd).with("max_mfn", maxMfn.value());
    }

    /// What Xen writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
