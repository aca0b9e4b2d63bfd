// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct callback_register`: what the kernel is to be entered for. Where, stands in a 64-bit
/// guest's structure 8 bytes on; in a 32-bit guest's it is a selector and an address, which nothing
/// here reads.
///
/// @xen xen/include/public/callback.h, struct callback_register
public record CallbackRegister(int type, int flags) {

    /// Events are masked on the way in.
    public static final int CALLBACKF_MASK_EVENTS = 1;

    /// Where the fields are, but for the address.
    public static final Layout LAYOUT =
            Layout.of("struct callback_register", 16, 12)
                    .field("type", FieldKind.U16, 0, 0)
                    .field("flags", FieldKind.U16, 2, 2);

    private static final int ADDRESS = 8;

    /// Reads what a guest wrote.
    public static CallbackRegister fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new CallbackRegister((int) s.get("type"), (int) s.get("flags"));
    }

    /// The address that a 64-bit guest wrote.
    public static long address(GuestBytes bytes) {
        return bytes.read(ADDRESS, Long.BYTES);
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("type", type).with("flags", flags);
    }

    /// What a guest writes, but for the address.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }

    /// What a 64-bit guest writes.
    public Bytes toBytes(long address) {
        return toBytes(Bitness.BITS_64).with(ADDRESS, Long.BYTES, address);
    }

    /// Whether events are masked on the way in.
    public boolean masksEvents() {
        return (flags & CALLBACKF_MASK_EVENTS) != 0;
    }
}
