// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// How often each row decided. For one thread; cheap, because rows are literals and one literal is
/// one object.
final class Rows {

    private static final int SIZE = 1 << 12;

    private final @Nullable String[] names = new @Nullable String[SIZE];
    private final long[] counts = new long[SIZE];

    /// Counts each row once for each time it is in the list.
    void count(final List<String> rows) {
        List<String> rest = rows;
        while (!rest.isEmpty()) {
            count(rest.head());
            rest = rest.tail();
        }
    }

    private void count(final String row) {
        int at = row.hashCode() & SIZE - 1;
        while (!row.equals(names[at])) {
            if (names[at] == null) {
                names[at] = row;
            } else {
                at = at + 1 & SIZE - 1;
            }
        }
        counts[at]++;
    }

    /// Adds the counts to `all`.
    void addTo(final Map<String, Long> all) {
        for (int i = 0; i < SIZE; i++) {
            final String name = names[i];
            if (name != null) {
                all.merge(name, counts[i], Long::sum);
            }
        }
    }
}
