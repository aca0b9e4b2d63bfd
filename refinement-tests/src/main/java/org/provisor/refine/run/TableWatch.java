// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.memory.WriteWatcher;

import java.util.BitSet;

/// Which words of page tables have been written to, by whomever: the processor that marks entries,
/// calls, tests.
final class TableWatch implements WriteWatcher {

    private static final int MOST = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int WORD_SHIFT = 3;
    private static final int SLOT = 511;

    /// Of more words at once it is not said which they were.
    private static final int MOST_AT_ONCE = 8;

    private final MachineMemory memory;
    private final BitSet tables = new BitSet();
    private final BitSet whole = new BitSet();
    private final long[] words = new long[MOST];
    private int count;

    TableWatch(MachineMemory memory) {
        this.memory = memory;
        memory.addWatcher(this);
    }

    /// Whether a frame is one that is to be watched from now on.
    void set(int mfn, boolean table) {
        if (table) {
            tables.set(mfn);
            memory.watch(mfn);
        } else {
            tables.clear(mfn);
        }
    }

    boolean watches(int mfn) {
        return tables.get(mfn);
    }

    /// Forgets what has been written.
    void clear() {
        if (count != 0) {
            count = 0;
        }
        if (!whole.isEmpty()) {
            whole.clear();
        }
    }

    /// How many single words were written to; one may be among them more than once.
    int count() {
        return count;
    }

    /// The table of such a word.
    int table(int index) {
        return (int) (words[index] >>> PAGE_SHIFT);
    }

    /// Its slot.
    int slot(int index) {
        return (int) (words[index] >>> WORD_SHIFT) & SLOT;
    }

    /// The first table from `from` on of which it is not known what was written to, or -1.
    int whole(int from) {
        return whole.nextSetBit(from);
    }

    @Override
    public void watching(long mfn) {}

    @Override
    public boolean written(long maddr, long bytes) {
        int mfn = (int) (maddr >>> PAGE_SHIFT);
        if (!tables.get(mfn)) {
            return false;
        }
        long first = maddr >>> WORD_SHIFT;
        long last = (maddr + bytes - 1) >>> WORD_SHIFT;
        if (last - first >= MOST_AT_ONCE || count + MOST_AT_ONCE > MOST) {
            whole.set(mfn);
        } else {
            for (long word = first; word <= last; word++) {
                words[count++] = word << WORD_SHIFT;
            }
        }
        return true;
    }
}
