// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// A linear address in the calling guest: a pointer in a register or in a structure, or the address
/// whose mapping is to change. Any 64-bit value may stand here; nothing says that it is mapped.
///
/// @xen xen/include/public/arch-x86/xen.h, XEN_GUEST_HANDLE_PARAM
public record GuestAddress(long value) {

    /// The pointer to nothing.
    public static final GuestAddress NULL = new GuestAddress(0);

    /// Whether this is the null pointer.
    public boolean isNull() {
        return value == 0;
    }

    /// The address `bytes` further on.
    public GuestAddress plus(long bytes) {
        return new GuestAddress(value + bytes);
    }

    @Override
    public String toString() {
        return "va " + Long.toHexString(value);
    }
}
