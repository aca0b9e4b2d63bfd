// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct callback_unregister`: what the kernel is no longer to be entered for.
///
/// @xen xen/include/public/callback.h, struct callback_unregister
public record CallbackUnregister(int type) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct callback_unregister", 4, 4).field("type", FieldKind.U16, 0, 0);

    /// Reads what a guest wrote.
    public static CallbackUnregister fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        return new CallbackUnregister((int) LAYOUT.read(bytes, at, bitness).get("type"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("type", type);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
