// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import io.vavr.collection.List;

import java.util.Arrays;

/// Which rows have decided, which came one after the other, and what was done around the call.
///
/// What is seen is forgotten from time to time, so that something can be new again; how often each
/// row decided is not. For one thread.
final class Coverage {

    /// What was done around a call that its caller does not decide, as a number from 0.
    static final int STIMULI = 8;

    private static final int STRIDE = 640;

    private final RowNumbers numbers = new RowNumbers();
    private final long[] pairs = new long[STRIDE * STRIDE / 64];
    private final long[] stimuli = new long[STRIDE * STIMULI / 64];
    private final long[] hits = new long[RowNumbers.ROWS.size()];
    private int fresh;

    Coverage() {
        if (hits.length >= STRIDE) {
            throw new IllegalStateException("more rows than fit: " + hits.length);
        }
    }

    /// Everything is new again. What was counted stays.
    void forget() {
        Arrays.fill(pairs, 0);
        Arrays.fill(stimuli, 0);
        fresh = 0;
    }

    /// Notes the rows of something that was done.
    ///
    /// @param latestFirst the rows, in reverse order
    /// @param stimulus what was done around it, below STIMULI
    void add(List<String> latestFirst, int stimulus) {
        int next = hits.length;
        for (List<String> left = latestFirst; !left.isEmpty(); left = left.tail()) {
            int row = numbers.number(left.head());
            hits[row]++;
            note(pairs, row * STRIDE + next);
            note(stimuli, row * STIMULI + stimulus);
            next = row;
        }
    }

    private void note(long[] bits, int place) {
        long bit = 1L << place;
        if ((bits[place >>> 6] & bit) == 0) {
            bits[place >>> 6] |= bit;
            fresh++;
        }
    }

    /// How many things were new since this was asked last.
    int takeFresh() {
        int count = fresh;
        fresh = 0;
        return count;
    }

    /// Adds how often each row decided, and starts to count again.
    void drainTo(long[] totals) {
        for (int row = 0; row < hits.length; row++) {
            totals[row] += hits[row];
            hits[row] = 0;
        }
    }

    /// How often a row decided since it was drained.
    long hits(String row) {
        return hits[numbers.number(row)];
    }
}
