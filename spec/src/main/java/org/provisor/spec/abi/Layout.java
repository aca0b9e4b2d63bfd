// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.collection.List;

/// Where the fields of a structure are, for 64-bit and for 32-bit guests.
///
/// A field is named as C would name it from the structure (`in.domid`, `args[2]`). Members of a
/// union are fields at the same place. Bytes that no field names are padding: Xen leaves them as
/// the guest had them.
///
/// The offsets are written down and not computed, so that they can be read beside the header.
/// `XenHeadersTest` compares them with what a compiler makes of it.
public record Layout(String name, int size64, int size32, List<Field> fields) {

    /// One field, with its offset in the structure of a 64-bit and of a 32-bit guest.
    public record Field(String name, FieldKind kind, int offset64, int offset32) {

        /// The offset for one kind of guest.
        public int offset(Bitness bitness) {
            return switch (bitness) {
                case BITS_64 -> offset64;
                case BITS_32 -> offset32;
            };
        }
    }

    public Layout {
        for (var field : fields) {
            if (field.offset64 + field.kind.size(Bitness.BITS_64) > size64
                    || field.offset32 + field.kind.size(Bitness.BITS_32) > size32) {
                throw new IllegalArgumentException(name + " is too small for " + field.name);
            }
        }
    }

    /// A structure without fields so far, with its size for 64-bit and for 32-bit guests.
    public static Layout of(String name, int size64, int size32) {
        return new Layout(name, size64, size32, List.empty());
    }

    /// The same structure with one field more.
    public Layout field(String field, FieldKind kind, int offset64, int offset32) {
        return new Layout(
                name, size64, size32, fields.append(new Field(field, kind, offset64, offset32)));
    }

    /// Bytes in the structure, padding included.
    public int size(Bitness bitness) {
        return switch (bitness) {
            case BITS_64 -> size64;
            case BITS_32 -> size32;
        };
    }

    /// The field of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    public Field field(String field) {
        for (var candidate : fields) {
            if (candidate.name.equals(field)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(name + " has no field " + field);
    }

    /// The structure that stands at `at`.
    public Struct read(GuestBytes bytes, long at, Bitness bitness) {
        return new Struct(this, bitness, bytes.slice(at, size(bitness)));
    }

    /// The structure with all bytes zero.
    public Struct blank(Bitness bitness) {
        return new Struct(this, bitness, Bytes.zero(size(bitness)));
    }

    /// The address of a field in the structure at `at`.
    public GuestAddress address(GuestAddress at, String field, Bitness bitness) {
        return at.plus(field(field).offset(bitness));
    }
}
