// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.x86.Pte;

/// Which flags a guest may put into a page-table entry, and what Xen makes of them.
///
/// @xen xen/arch/x86/mm.c, base_disallow_mask and the masks made of it
/// @xen xen/arch/x86/pv/mm.h, adjust_guest_l1e to adjust_guest_l4e
public final class EntryFlags {

    /// What every level allows: bits 9 to 11 and 52 to 62 are the guest's own.
    static final long ALLOWED =
            Pte.PRESENT
                    | Pte.WRITABLE
                    | Pte.USER
                    | Pte.ACCESSED
                    | Pte.DIRTY
                    | Pte.AVAILABLE
                    | Pte.AVAILABLE_HIGH
                    | Pte.NO_EXECUTE;

    /// What a 32-bit guest may not have in one of its four level 3 entries. Unlike the others it
    /// names the high software bits and forbids to switch off execution.
    static final long FORBIDDEN_L3_32_BIT =
            Pte.NO_EXECUTE
                    | Pte.AVAILABLE_HIGH
                    | Pte.WRITE_THROUGH
                    | Pte.CACHE_DISABLE
                    | Pte.PAGE_SIZE
                    | Pte.GLOBAL;

    /// What may change in an entry without its references being taken anew.
    static final long FREE_TO_CHANGE =
            Pte.NO_EXECUTE
                    | Pte.AVAILABLE_HIGH
                    | Pte.AVAILABLE
                    | Pte.GLOBAL
                    | Pte.DIRTY
                    | Pte.ACCESSED
                    | Pte.USER;

    /// Bit 52: Xen's mark on a level 1 entry of a 64-bit guest that the guest wants for its kernel
    /// only.
    static final long GUEST_KERNEL = 1L << 52;

    private EntryFlags() {}

    /// Finds the flags that a present entry of this level may not have, in a table of this domain.
    ///
    /// | level | may not have                                                         |
    /// |-------|----------------------------------------------------------------------|
    /// | 1     | PWT, PCD, PAT, unless the domain may choose a memory type             |
    /// | 2     | PWT, PCD, G, PS: no large pages                                      |
    /// | 3     | as 2; of a 32-bit guest also NX and bits 52 to 62                     |
    /// | 4     | as 2                                                                 |
    @Clause(
            value = "mm.entry.allowed-flags",
            covers = {"L1-1", "L2-1", "L3-1", "SW-1"})
    static long forbidden(int level, Domain owner) {
        return switch (level) {
            case 1 ->
                    ~(ALLOWED
                                    | Pte.GLOBAL
                                    | (owner.io().mayChooseMemoryType() ? Pte.CACHE_BITS : 0))
                            & Pte.FLAG_MASK;
            case 3 -> owner.bits32() ? FORBIDDEN_L3_32_BIT : ~ALLOWED & Pte.FLAG_MASK;
            default -> ~ALLOWED & Pte.FLAG_MASK;
        };
    }

    /// Makes of an entry what Xen stores.
    ///
    /// | level | of a 64-bit guest                                  | of a 32-bit guest |
    /// |-------|-----------------------------------------------------|-------------------|
    /// | 1     | without US: US and bit 52; without bit 52 then: G and US | unchanged     |
    /// | 2     | US                                                 | unchanged         |
    /// | 3     | US                                                 | US and RW         |
    /// | 4     | US and A                                           | A                 |
    ///
    /// Guest kernel and guest user both run in ring 3 on a 64-bit machine; two root tables keep
    /// them apart, not the US bit. Entries that are not present stay as they are.
    @Clause(
            value = "mm.entry.adjust",
            covers = {"L1-10", "L3-2", "L4-3"})
    static Pte adjusted(int level, Pte entry, Domain owner) {
        if (!entry.present()) {
            return entry;
        }
        boolean bits64 = !owner.bits32();
        return switch (level) {
            case 1 -> bits64 ? adjustedL1(entry) : entry;
            case 2 -> bits64 ? entry.with(Pte.USER) : entry;
            case 3 -> entry.with(bits64 ? Pte.USER : Pte.USER | Pte.WRITABLE);
            default -> entry.with(bits64 ? Pte.ACCESSED | Pte.USER : Pte.ACCESSED);
        };
    }

    private static Pte adjustedL1(Pte entry) {
        Pte marked = entry.has(Pte.USER) ? entry : entry.with(GUEST_KERNEL | Pte.USER);
        return marked.has(GUEST_KERNEL) ? marked : marked.with(Pte.GLOBAL | Pte.USER);
    }

    /// A level 3 entry of a 32-bit guest as the guest gets it back: its processor would know
    /// neither US nor RW nor A there.
    static Pte restoredL3(Pte entry, Domain owner) {
        return owner.bits32() && entry.present()
                ? entry.without(Pte.USER | Pte.WRITABLE | Pte.ACCESSED)
                : entry;
    }

    /// Whether the change from one entry to another leaves frame, presence, permission to write and
    /// memory type alone.
    @Clause(
            value = "mm.entry.free-to-change",
            covers = {"UPD-6"})
    static boolean sameReferences(Pte old, Pte now) {
        return ((old.bits() ^ now.bits()) & ~FREE_TO_CHANGE) == 0;
    }
}
