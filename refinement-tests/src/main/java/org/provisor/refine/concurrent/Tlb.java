// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.TlbFlusher;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// What processors remember of page tables. They remember all they can: every translation of a few
/// addresses that there is, until they are told to forget it.
final class Tlb implements TlbFlusher {

    private static final int PRESENT = 1;
    private static final int WRITABLE = 2;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final int LEVELS = 4;

    /// Slots of each level that addresses lead through: as many as are used.
    private static final int SLOTS = Plan.SLOTS;

    private static final int ADDRESSES = SLOTS * SLOTS * SLOTS * SLOTS;

    /// A translation: the frame, and whether it may be written; 0 for none.
    private final long[][] translations;

    /// Whose the frames were then.
    private final int[][] owners;

    Tlb(int processors) {
        translations = new long[processors][ADDRESSES];
        owners = new int[processors][ADDRESSES];
    }

    /// A vCPU's processor walks to all addresses.
    ///
    /// @param words of memory by their number
    void walk(Vcpu vcpu, IntToLongFunction words) {
        FrameTable frames = vcpu.host().frames();
        long root = vcpu.root();
        for (int address = 0; address < ADDRESSES && root != Vcpu.NONE; address++) {
            long entry = root << 12 | PRESENT | WRITABLE;
            int rest = address;
            for (int level = LEVELS; level > 0 && (entry & PRESENT) != 0; level--) {
                long next = words.applyAsLong((int) (frame(entry) * TwoVcpus.SLOTS + rest % SLOTS));
                entry = next & (entry | ~WRITABLE);
                rest /= SLOTS;
            }
            if ((entry & PRESENT) != 0 && frames.exists(frame(entry))) {
                translations[vcpu.processor()][address] = entry;
                owners[vcpu.processor()][address] = frames.owner(frame(entry));
            }
        }
    }

    private static long frame(long entry) {
        return (entry & ADDRESS) >>> 12;
    }

    /// A translation that a processor should have forgotten, while nobody is in a call: one of a
    /// frame that is somebody else's by now, or by which a page table can be written.
    @Nullable Difference stale(Host host, BootNumbers numbers) {
        for (int processor = 0; processor < translations.length; processor++) {
            for (int address = 0; address < ADDRESSES; address++) {
                long entry = translations[processor][address];
                String why = entry == 0 ? null : why(host, entry, owners[processor][address]);
                if (why != null) {
                    return new Difference(
                            "translation: " + why,
                            "processor " + processor + ", " + numbers.text(frame(entry)));
                }
            }
        }
        return null;
    }

    private static @Nullable String why(Host host, long entry, int owner) {
        long mfn = frame(entry);
        int now = host.frames().owner(mfn);
        if (now != owner && now != DomainIds.INVALID) {
            return "somebody else's frame";
        }
        long type = host.frames().type(mfn);
        boolean used = (type & FrameTable.TYPE_REFERENCES) != 0;
        return (entry & WRITABLE) != 0 && used && FrameTable.typeOf(type) != PageType.WRITABLE
                ? "written although not writable"
                : null;
    }

    @Override
    public void flush(long processors) {
        for (int processor = 0; processor < translations.length; processor++) {
            if ((processors >>> processor & 1) != 0) {
                Arrays.fill(translations[processor], 0);
            }
        }
    }

    @Override
    public void flushPage(long processors, long linear) {
        int address = 0;
        for (int level = 1, shift = 12; level <= LEVELS; level++, shift += 9) {
            address = address * SLOTS + (int) Math.min(linear >>> shift & 0x1FF, SLOTS);
            if ((linear >>> shift & 0x1FF) >= SLOTS) {
                return;
            }
        }
        for (int processor = 0; processor < translations.length; processor++) {
            if ((processors >>> processor & 1) != 0) {
                translations[processor][address] = 0;
            }
        }
    }

    @Override
    public void flushCaches(long processors) {}
}
