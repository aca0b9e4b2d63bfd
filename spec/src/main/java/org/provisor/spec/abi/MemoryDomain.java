// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// `struct xen_memory_domain`: the domain that a question about memory is about.
///
/// @xen xen/include/public/memory.h, struct xen_memory_domain
public record MemoryDomain(Domid domid) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct xen_memory_domain", 2, 2).field("domid", FieldKind.U16, 0, 0);

    /// Reads what a guest wrote.
    public static MemoryDomain fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        return new MemoryDomain(LAYOUT.read(bytes, at, bitness).domid("domid"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("domid", domid);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
