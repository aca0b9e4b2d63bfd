// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct trap_info`: which handler a vector has. In `flags`, bits 0 and 1 say from which
/// privilege level on software may raise the vector, bit 2 that events are masked on the way in.
///
/// @xen xen/include/public/arch-x86/xen.h, struct trap_info
public record TrapInfo(int vector, int flags, int cs, GuestAddress address) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct trap_info", 16, 8)
                    .field("vector", FieldKind.U8, 0, 0)
                    .field("flags", FieldKind.U8, 1, 1)
                    .field("cs", FieldKind.U16, 2, 2)
                    .field("address", FieldKind.WORD, 8, 4);

    /// Reads what a guest wrote.
    public static TrapInfo fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new TrapInfo(
                (int) s.get("vector"),
                (int) s.get("flags"),
                (int) s.get("cs"),
                s.address("address"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("vector", vector)
                .with("flags", flags)
                .with("cs", cs)
                .with("address", address);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
