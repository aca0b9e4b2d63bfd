// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// What is counted while states are expanded. Sums do not depend on their order, so that each
/// worker has its own tally and the search adds them up after each batch.
final class Tally {

    long transitions;
    long selfLoops;
    long deadlocks;
    int minDegree = Integer.MAX_VALUE;
    int maxDegree;

    /// Sum of the fingerprints of the states appended to the log.
    long digest;

    final long[] kinds;
    final Map<String, Found> found = new TreeMap<>();

    Tally(final int kinds) {
        this.kinds = new long[kinds];
    }

    void record(final Found violation) {
        found.merge(violation.what(), violation, Found::and);
    }

    /// Adds `other` to this one and clears it.
    void take(final Tally other) {
        transitions += other.transitions;
        selfLoops += other.selfLoops;
        deadlocks += other.deadlocks;
        minDegree = Math.min(minDegree, other.minDegree);
        maxDegree = Math.max(maxDegree, other.maxDegree);
        digest += other.digest;
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] += other.kinds[i];
        }
        other.found.values().forEach(this::record);
        other.clear();
    }

    void write(final MailWriter to) {
        to.number(transitions).number(selfLoops).number(deadlocks);
        to.small(minDegree).small(maxDegree).number(digest);
        to.numbers(kinds, 0, kinds.length);
        to.small(found.size());
        found.values().forEach(each -> each.write(to));
    }

    /// Takes what was written, in place of what was counted here.
    void read(final MailReader from) {
        clear();
        transitions = from.number();
        selfLoops = from.number();
        deadlocks = from.number();
        minDegree = from.small();
        maxDegree = from.small();
        digest = from.number();
        from.numbers(kinds, 0, kinds.length);
        for (int left = from.small(); left > 0; left--) {
            record(Found.read(from));
        }
    }

    void clear() {
        transitions = 0;
        selfLoops = 0;
        deadlocks = 0;
        minDegree = Integer.MAX_VALUE;
        maxDegree = 0;
        digest = 0;
        Arrays.fill(kinds, 0);
        found.clear();
    }
}
