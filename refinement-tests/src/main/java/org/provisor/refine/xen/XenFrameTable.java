// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Mfn;

import java.util.BitSet;
import java.util.OptionalLong;

/// A real Xen's table of frames, which the host finds in the machine's memory. It is what a build
/// of Xen makes of `struct page_info` in 32 bytes; whether this Xen does, [XenMachine] tries out.
///
/// @xen xen/arch/x86/include/asm/mm.h, struct page_info
/// @xen xen/arch/x86/include/asm/config.h, FRAMETABLE_VIRT_START, RO_MPT_VIRT_START
final class XenFrameTable extends FrameTable {

    private static final long LINEAR = 0xFFFF_82E0_0000_0000L;
    private static final long MACHINE_TO_PHYSICAL = 0xFFFF_8000_0000_0000L;
    private static final int ENTRY = 32;
    private static final int IN_PAGE = 4096 / ENTRY;
    private static final int WORDS_IN_PAGE = 512;
    private static final int ENTRY_WORDS = ENTRY / Long.BYTES;

    private static final long OWNER = 0xFFFF_FFFFL;

    private final GuestRam ram;
    private final int frames;

    /// Machine addresses of the pages of the two tables.
    private final long[] pages;

    private final long[] m2p;

    private XenFrameTable(GuestRam ram, int frames, long[] pages, long[] m2p) {
        this.ram = ram;
        this.frames = frames;
        this.pages = pages;
        this.m2p = m2p;
    }

    /// The table of a machine of so many frames.
    ///
    /// @param root a root table, which has Xen's part in it
    /// @throws IllegalStateException if Xen's tables are not where they are expected
    static XenFrameTable of(GuestRam ram, long root, int frames) {
        return new XenFrameTable(
                ram,
                frames,
                pages(ram, root, LINEAR, frames, IN_PAGE),
                pages(ram, root, MACHINE_TO_PHYSICAL, frames, WORDS_IN_PAGE));
    }

    private static long[] pages(GuestRam ram, long root, long linear, int frames, int inPage) {
        long[] pages = new long[(frames + inPage - 1) / inPage];
        for (int i = 0; i < pages.length; i++) {
            OptionalLong at = ram.translate(root, linear + 4096L * i);
            if (at.isEmpty()) {
                throw new IllegalStateException(
                        "there is nothing at 0x" + Long.toHexString(linear + 4096L * i));
            }
            pages[i] = at.getAsLong();
        }
        return pages;
    }

    @Override
    int frames() {
        return frames;
    }

    private long at(int mfn) {
        return pages[mfn / IN_PAGE] + (long) ENTRY * (mfn % IN_PAGE);
    }

    @Override
    long count(int mfn) {
        return ram.word(at(mfn) + 8);
    }

    @Override
    long type(int mfn) {
        return ram.word(at(mfn) + 16);
    }

    @Override
    long owner(int mfn) {
        return ram.word(at(mfn) + 24) & OWNER;
    }

    @Override
    BitSet owned(long owner) {
        BitSet found = new BitSet(frames);
        long[] words = new long[WORDS_IN_PAGE];
        for (int page = 0; page < pages.length; page++) {
            ram.copy(pages[page] >> 12, words);
            int first = page * IN_PAGE;
            int count = Math.min(IN_PAGE, frames - first);
            for (int i = 0; i < count; i++) {
                if ((words[i * ENTRY_WORDS + 3] & OWNER) == owner
                        && !free(words[i * ENTRY_WORDS + 1])) {
                    found.set(first + i);
                }
            }
        }
        return found;
    }

    @Override
    long physical(int mfn) {
        return ram.word(m2p[mfn / WORDS_IN_PAGE] + 8L * (mfn % WORDS_IN_PAGE));
    }

    /// The first frame of each 2 MiB of the machine-to-physical table.
    Vector<Mfn> physicalFrames() {
        Vector<Mfn> first = Vector.empty();
        for (int page = 0; page < m2p.length; page += 512) {
            first = first.append(new Mfn(m2p[page] >> 12));
        }
        return first;
    }

    /// How many same-level entries there are, negative for those that refer to it; counts for
    /// tables.
    int linear(int mfn) {
        return (short) (ram.word(at(mfn) + 24) >>> 48);
    }

    /// How many entries are checked, of a table that is so in part.
    int checked(int mfn) {
        return (int) (ram.word(at(mfn) + 24) >>> 32) & 0x3FF;
    }

    /// Whether the entry behind those that are checked holds a reference, of a table that is so in
    /// part.
    boolean entryHeld(int mfn) {
        return (ram.word(at(mfn) + 24) >>> 47 & 1) != 0;
    }
}
