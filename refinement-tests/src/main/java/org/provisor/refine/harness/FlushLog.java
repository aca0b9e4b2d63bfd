// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.impl.tlb.TlbFlusher;

import java.util.Arrays;

/// What the implementation had processors flush since the attempt began.
final class FlushLog implements TlbFlusher {

    enum Kind {
        ALL,
        PAGE,
        CACHES
    }

    private Kind[] kinds = new Kind[16];
    private long[] processors = new long[16];
    private long[] linear = new long[16];
    private int count;

    FlushLog() {
        Arrays.fill(kinds, Kind.ALL);
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    Kind kind(int index) {
        return kinds[index];
    }

    long processors(int index) {
        return processors[index];
    }

    long linear(int index) {
        return linear[index];
    }

    @Override
    public void flush(long set) {
        add(Kind.ALL, set, 0);
    }

    @Override
    public void flushPage(long set, long address) {
        add(Kind.PAGE, set, address);
    }

    @Override
    public void flushCaches(long set) {
        add(Kind.CACHES, set, 0);
    }

    private void add(Kind kind, long set, long address) {
        if (count == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * count);
            processors = Arrays.copyOf(processors, 2 * count);
            linear = Arrays.copyOf(linear, 2 * count);
        }
        kinds[count] = kind;
        processors[count] = set;
        linear[count] = address;
        count++;
    }
}
