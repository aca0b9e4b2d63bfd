// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc.loaded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// What was seen of each decision. The code tells it at the end of each evaluation.
///
/// Each set of classes has its own. Any thread may tell it.
public final class Seen {

    private static volatile AtomicReferenceArray<int[]> all = new AtomicReferenceArray<>(0);

    private static volatile boolean grown;

    private Seen() {}

    /// From now on nothing was seen.
    ///
    /// @param decisions how many there are
    static void begin(int decisions) {
        AtomicReferenceArray<int[]> none = new AtomicReferenceArray<>(decisions);
        for (int i = 0; i < decisions; i++) {
            none.set(i, new int[0]);
        }
        all = none;
    }

    /// What was seen, by decision: its evaluations, the bits of the conditions and in the sign the
    /// outcome.
    static List<int[]> noted() {
        AtomicReferenceArray<int[]> now = all;
        List<int[]> noted = new ArrayList<>();
        for (int i = 0; i < now.length(); i++) {
            int[] one = now.get(i).clone();
            Arrays.sort(one);
            noted.add(one);
        }
        return noted;
    }

    /// Whether something was seen for the first time since this was last asked.
    static boolean grown() {
        boolean now = grown;
        grown = false;
        return now;
    }

    /// A decision was evaluated.
    ///
    /// @param evaluation the bits of its conditions and in the sign the outcome
    public static void evaluated(int evaluation, int decision) {
        AtomicReferenceArray<int[]> now = all;
        if (decision >= now.length()) {
            return;
        }
        while (true) {
            int[] before = now.get(decision);
            for (int each : before) {
                if (each == evaluation) {
                    return;
                }
            }
            int[] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = evaluation;
            if (now.compareAndSet(decision, before, more)) {
                grown = true;
                return;
            }
        }
    }
}
