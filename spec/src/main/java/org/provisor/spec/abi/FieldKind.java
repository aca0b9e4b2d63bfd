// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// What a field of a shared structure holds, and so how many bytes it takes. All kinds are
/// unsigned.
///
/// @xen xen/include/public/arch-x86/xen.h, xen_pfn_t, xen_ulong_t, XEN_GUEST_HANDLE
public enum FieldKind {
    /// `uint8_t`.
    U8,

    /// `uint16_t`, `domid_t`.
    U16,

    /// `uint32_t`, `unsigned int`.
    U32,

    /// `uint64_t`.
    U64,

    /// `xen_ulong_t`, `unsigned long`, `xen_pfn_t`: a word of the guest's size.
    WORD,

    /// `XEN_GUEST_HANDLE(...)`: a pointer of the guest's size.
    HANDLE;

    /// Bytes in the field.
    public int size(Bitness bitness) {
        return switch (this) {
            case U8 -> 1;
            case U16 -> 2;
            case U32 -> 4;
            case U64 -> 8;
            case WORD, HANDLE -> bitness.wordSize();
        };
    }
}
