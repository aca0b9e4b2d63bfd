// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The bytes of one structure, read and changed by the names of its fields.
public record Struct(Layout layout, Bitness bitness, Bytes bytes) {

    public Struct {
        if (bytes.size() != layout.size(bitness)) {
            throw new IllegalArgumentException(bytes.size() + " bytes for " + layout.name());
        }
    }

    /// The unsigned value of a field.
    public long get(String field) {
        var place = layout.field(field);
        return bytes.read(place.offset(bitness), place.kind().size(bitness));
    }

    /// A field that holds an address.
    public GuestAddress address(String field) {
        return new GuestAddress(get(field));
    }

    /// A field that holds a domain.
    public Domid domid(String field) {
        return new Domid((int) get(field));
    }

    /// The same bytes with one field changed.
    ///
    /// @throws IllegalArgumentException if the field cannot hold `value`
    public Struct with(String field, long value) {
        var place = layout.field(field);
        var changed = bytes.with(place.offset(bitness), place.kind().size(bitness), value);
        return new Struct(layout, bitness, changed);
    }

    /// As above, for an address.
    public Struct with(String field, GuestAddress value) {
        return with(field, value.value());
    }

    /// As above, for a domain.
    public Struct with(String field, Domid value) {
        return with(field, value.value());
    }
}
