// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.paging;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.tlb.Tlb;

/// The processor's way through four levels of tables, with `CR0.WP` and `EFER.NXE` set, and without
/// SMEP, SMAP and protection keys. It sets accessed and dirty bits. One thread uses it at a time.
///
/// Nothing is remembered of the upper levels, so a translation to a page of 4 KiB takes exactly
/// four reads.
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public final class PageWalker {

    /// Reads, in bits of a page fault's error code.
    public static final int READ = 0;

    public static final int WRITE = PageFaults.WRITE;
    public static final int FETCH = PageFaults.FETCH;

    /// In place of an error code: there is none.
    public static final int FINE = -1;

    private static final int LEVELS = 4;

    /// Bit 12 of an entry that maps a large page: it chooses a memory type.
    private static final long LARGE_PAT = 1L << 12;

    private final MachineMemory memory;
    private final long end;
    private final long beyond;

    /// Where the entries of the walk are, and what they were, by level.
    private final long[] places = new long[LEVELS + 1];

    private final long[] entries = new long[LEVELS + 1];

    private long result;
    private int level;
    private int looked;

    private long walks;
    private long reads;
    private long faults;

    /// @param physicalBits how wide a physical address is: 36 to 52
    public PageWalker(final MachineMemory memory, final int physicalBits) {
        this.memory = memory;
        end = memory.frames() << Addresses.PAGE_SHIFT;
        beyond = Pte.ADDRESS & -(1L << physicalBits);
    }

    /// Walks the tables of a root for an address, which is canonical.
    ///
    /// @param tried what is done and by whom, in bits of a page fault's error code
    /// @return [#FINE] if there is a translation: [#value]; else the error code
    @Refines("x86.walk")
    public int walk(final long root, final long linear, final int tried) {
        looked = 0;
        while (true) {
            final int error = look(root, linear, tried);
            if (error != FINE) {
                faults++;
                return error;
            }
            if (mark((tried & WRITE) != 0)) {
                walks++;
                reads += looked;
                return FINE;
            }
        }
    }

    /// What the last walk came to: the machine address of the page of 4 KiB, and bits of [Tlb].
    /// Writable, only if the dirty bit is set.
    public long value() {
        return result;
    }

    /// Whether that is a part of a larger page.
    public boolean large() {
        return level > 1;
    }

    /// How many walks have come to a translation.
    public long walks() {
        return walks;
    }

    /// How many entries those have read.
    public long reads() {
        return reads;
    }

    /// How many walks have come to a fault.
    public long faults() {
        return faults;
    }

    private int look(final long root, final long linear, final int tried) {
        long all = -1L;
        long any = 0;
        long table = root << Addresses.PAGE_SHIFT;
        level = LEVELS;
        while (true) {
            final long at = table + ((long) Addresses.slot(linear, level) << 3);
            final long entry = word(at);
            if ((entry & Pte.PRESENT) == 0) {
                return tried;
            }
            if ((entry & reserved(entry)) != 0) {
                return tried | PageFaults.PRESENT | PageFaults.RESERVED;
            }
            places[level] = at;
            entries[level] = entry;
            all &= entry;
            any |= entry;
            table = entry & Pte.ADDRESS;
            if (level == 1 || (entry & Pte.PSE) != 0) {
                break;
            }
            level--;
        }
        final boolean refused =
                ((tried & PageFaults.USER) != 0 && (all & Pte.USER) == 0)
                        || ((tried & WRITE) != 0 && (all & Pte.RW) == 0)
                        || ((tried & FETCH) != 0 && (any & Pte.NX) != 0);
        if (refused) {
            return tried | PageFaults.PRESENT;
        }
        final boolean dirty = (tried & WRITE) != 0 || (entries[level] & Pte.DIRTY) != 0;
        final long inPage = inPage(level);
        result =
                (table & ~inPage)
                        | (linear & inPage & ~Addresses.PAGE_OFFSET)
                        | ((all & Pte.RW) != 0 && dirty ? Tlb.WRITABLE : 0)
                        | ((any & Pte.NX) == 0 ? Tlb.EXECUTABLE : 0)
                        | ((all & Pte.USER) != 0 ? Tlb.USER : 0);
        return FINE;
    }

    /// Where there is no memory, all bits read as one.
    private long word(final long at) {
        looked++;
        return at < end ? memory.word(at) : -1L;
    }

    private long reserved(final long entry) {
        if (level == LEVELS) {
            return beyond | Pte.PSE;
        }
        return level > 1 && (entry & Pte.PSE) != 0
                ? beyond | (inPage(level) & Pte.ADDRESS & ~LARGE_PAT)
                : beyond;
    }

    /// The address bits within a page that an entry of this level maps.
    private static long inPage(final int level) {
        return (1L << (3 + 9 * level)) - 1;
    }

    /// Sets the bits of the entries that were used.
    ///
    /// @return whether all entries were as they had been read; if not, the walk is to be made again
    @Refines("x86.walk.accessed-dirty")
    private boolean mark(final boolean written) {
        for (int at = LEVELS; at >= level; at--) {
            final long bits = written && at == level ? Pte.ACCESSED | Pte.DIRTY : Pte.ACCESSED;
            long entry = entries[at];
            // One entry may be used at two levels.
            while ((entry & bits) != bits && !memory.replaceWord(places[at], entry, entry | bits)) {
                entry = memory.word(places[at]);
                if ((entry & ~Pte.ACCESSED) != (entries[at] & ~Pte.ACCESSED)) {
                    return false;
                }
            }
        }
        return true;
    }
}
