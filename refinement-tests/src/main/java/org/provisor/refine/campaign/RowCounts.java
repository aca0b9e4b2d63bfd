// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// How often each row of each clause decided.
///
/// @param counts by row, as `clause/row`; all rows that there are
public record RowCounts(SortedMap<String, Long> counts) {

    static RowCounts of(long[] hits) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (int row = 0; row < hits.length; row++) {
            counts.put(RowNumbers.ROWS.get(row), hits[row]);
        }
        return new RowCounts(counts);
    }

    /// How many rows decided at least once.
    public int reached() {
        return (int) counts.values().stream().filter(count -> count > 0).count();
    }

    /// How many rows there are.
    public int rows() {
        return counts.size();
    }

    /// The rows that did not decide.
    public List<String> unreached() {
        List<String> rows = new ArrayList<>();
        counts.forEach((row, count) -> {
            if (count == 0) {
                rows.add(row);
            }
        });
        return rows;
    }

    /// Each clause that has rows: how many of them decided, of how many, and how often.
    public String byClause() {
        SortedMap<String, long[]> clauses = new TreeMap<>();
        counts.forEach((row, count) -> {
            long[] sums =
                    clauses.computeIfAbsent(row.substring(0, row.indexOf('/')), _ -> new long[3]);
            sums[0] += count > 0 ? 1 : 0;
            sums[1]++;
            sums[2] += count;
        });
        Formatter text = new Formatter(Locale.ROOT);
        clauses.forEach((clause, sums) ->
                text.format("%-36s %d/%d %,15d%n", clause, sums[0], sums[1], sums[2]));
        return text.toString();
    }

    static long[] none() {
        long[] none = new long[RowNumbers.ROWS.size()];
        Arrays.fill(none, 0);
        return none;
    }
}
