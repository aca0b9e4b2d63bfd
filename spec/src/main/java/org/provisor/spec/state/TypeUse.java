// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// What a frame is being used for: its type and who holds it to that type.
///
/// @param type the type it has, or had when last held
/// @param xenL2 32-bit guests: a level 2 table that carries Xen's own mappings
/// @param count how many references hold the frame to the type, 0 when idle
/// @param validity whether the contents satisfy the type
/// @param pinned whether one of the references is the owner's pin
/// @param table what is known of the contents
/// @xen xen/arch/x86/include/asm/mm.h, PGT_type_mask to PGT_count_mask
public record TypeUse(
        PageType type, boolean xenL2, long count, Validity validity, boolean pinned, Table table) {

    /// The largest number of references of one type: 55 bits.
    public static final long MAX_COUNT = (1L << 55) - 1;

    /// A frame without a type, as it comes from the allocator.
    public static final TypeUse NONE =
            new TypeUse(PageType.NONE, false, 0, Validity.UNCHECKED, false, Table.NONE);

    /// A frame that the hypervisor shares with its owner for writing, for as long as it exists.
    public static final TypeUse SHARED_FOR_WRITING =
            new TypeUse(PageType.WRITABLE, false, 1, Validity.VALIDATED, false, Table.NONE);

    public boolean validated() {
        return validity == Validity.VALIDATED;
    }

    public boolean partial() {
        return validity == Validity.PARTIAL;
    }

    public TypeUse withCount(long references) {
        return new TypeUse(type, xenL2, references, validity, pinned, table);
    }

    public TypeUse withValidity(Validity now) {
        return new TypeUse(type, xenL2, count, now, pinned, table);
    }

    public TypeUse withPinned(boolean now) {
        return new TypeUse(type, xenL2, count, validity, now, table);
    }

    public TypeUse withTable(Table now) {
        return new TypeUse(type, xenL2, count, validity, pinned, now);
    }
}
