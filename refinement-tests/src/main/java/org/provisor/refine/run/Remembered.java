// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// What the implementation said of each frame when both sides were last compared: so that it can be
/// seen without the specification whether it says something else now.
final class Remembered {

    private static final int PAGE_SHIFT = 12;
    private static final long PAGE = 4096;

    private final Host host;
    private final FrameTable table;
    private final MachineMemory memory;
    private final MemorySegment segment;
    private final long[] counts;
    private final long[] types;
    private final long[] guestNumbers;
    private final int[] owners;
    private final int[] progress;
    private final int[] linear;

    /// Of frames in use as tables their words; of others nothing that means anything.
    private final long[][] words;

    private final MemorySegment[] entries;

    Remembered(Host host) {
        this.host = host;
        table = host.frames();
        memory = host.memory();
        segment = memory.segment();
        int size = table.size();
        counts = new long[size];
        types = new long[size];
        guestNumbers = new long[size];
        owners = new int[size];
        progress = new int[size];
        linear = new int[size];
        words = new long[size][];
        entries = new MemorySegment[size];
        Arrays.fill(words, new long[0]);
        Arrays.fill(entries, MemorySegment.NULL);
    }

    /// Whether all but a table's words is as it was.
    boolean same(int mfn) {
        return table.count(mfn) == counts[mfn]
                && table.type(mfn) == types[mfn]
                && table.owner(mfn) == owners[mfn]
                && progress(mfn) == progress[mfn]
                && table.linear(mfn) == linear[mfn]
                && host.machineToPhysical(mfn) == guestNumbers[mfn];
    }

    void keep(int mfn) {
        counts[mfn] = table.count(mfn);
        types[mfn] = table.type(mfn);
        owners[mfn] = table.owner(mfn);
        progress[mfn] = progress(mfn);
        linear[mfn] = table.linear(mfn);
        guestNumbers[mfn] = host.machineToPhysical(mfn);
    }

    private int progress(int mfn) {
        return table.validatedEntries(mfn) << 1 | (table.partialEntry(mfn) ? 1 : 0);
    }

    /// Whether a table's words are as they were.
    boolean sameWords(int mfn) {
        long at = (long) mfn << PAGE_SHIFT;
        return MemorySegment.mismatch(entries[mfn], 0, PAGE, segment, at, at + PAGE) < 0;
    }

    void keepWords(int mfn) {
        words[mfn] = LiveGuest.words(memory, mfn);
        entries[mfn] = MemorySegment.ofArray(words[mfn]);
    }

    void keepWord(int mfn, int slot) {
        words[mfn][slot] = memory.word(((long) mfn << PAGE_SHIFT) + ((long) slot << 3));
    }
}
