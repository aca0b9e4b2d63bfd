// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import org.provisor.spec.abi.Mfn;

/// A page-table entry of any level, 64 bits.
///
///     63  62        52 51                          12 11   9  8  7   6 5  4   3   2  1  0
///    +--+------------+------------------------------+-------+-+---+-+-+---+---+--+--+--+
///    |NX| available  | frame                        | avail |G|PAT|D|A|PCD|PWT|US|RW| P|
///    +--+------------+------------------------------+-------+-+---+-+-+---+---+--+--+--+
///
/// Bit 7 is PAT in a level 1 entry and PS, the large page, above.
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public record Pte(long bits) {

    public static final long PRESENT = 1L;
    public static final long WRITABLE = 1L << 1;
    public static final long USER = 1L << 2;
    public static final long WRITE_THROUGH = 1L << 3;
    public static final long CACHE_DISABLE = 1L << 4;
    public static final long ACCESSED = 1L << 5;
    public static final long DIRTY = 1L << 6;
    public static final long PAGE_SIZE = 1L << 7;
    public static final long PAT = 1L << 7;
    public static final long GLOBAL = 1L << 8;
    public static final long AVAILABLE = 7L << 9;
    public static final long AVAILABLE_HIGH = 0x7FFL << 52;
    public static final long NO_EXECUTE = 1L << 63;

    /// Bits 51 to 12: the address part.
    public static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

    /// Everything but the address part.
    public static final long FLAG_MASK = ~FRAME_MASK;

    /// The three bits that choose a memory type in a level 1 entry.
    public static final long CACHE_BITS = WRITE_THROUGH | CACHE_DISABLE | PAT;

    /// The entry that maps nothing.
    public static final Pte EMPTY = new Pte(0);

    /// The entry with this frame and these flag bits.
    public static Pte of(Mfn mfn, long flags) {
        return new Pte((mfn.value() << 12 & FRAME_MASK) | (flags & FLAG_MASK));
    }

    public Mfn mfn() {
        return new Mfn((bits & FRAME_MASK) >>> 12);
    }

    public boolean present() {
        return (bits & PRESENT) != 0;
    }

    public boolean writable() {
        return (bits & WRITABLE) != 0;
    }

    /// Whether any of these bits is set.
    public boolean has(long flags) {
        return (bits & flags) != 0;
    }

    public Pte with(long flags) {
        return (bits | flags) == bits ? this : new Pte(bits | flags);
    }

    public Pte without(long flags) {
        return new Pte(bits & ~flags);
    }

    public Pte flip(long flags) {
        return new Pte(bits ^ flags);
    }

    @Override
    public String toString() {
        if (bits == 0) {
            return "-";
        }
        if (!present()) {
            return "not present " + Long.toHexString(bits);
        }
        StringBuilder text = new StringBuilder(mfn().toString());
        text.append(writable() ? " rw" : " ro");
        long rest = bits & FLAG_MASK & ~(PRESENT | WRITABLE);
        return rest == 0
                ? text.toString()
                : text.append('+').append(Long.toHexString(rest)).toString();
    }
}
