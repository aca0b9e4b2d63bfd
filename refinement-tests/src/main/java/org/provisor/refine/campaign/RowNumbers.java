// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rows of decision tables as small numbers. The specification reports the same string objects
/// again and again, so that looking one up is mostly one comparison of references.
///
/// For one thread.
final class RowNumbers {

    /// All rows as `clause/row`, by clause; the number of a row is its place.
    static final List<String> ROWS = rows();

    private static final Map<String, Integer> NUMBERS = numbers();
    private static final int BUCKETS = 4096;

    private final @Nullable String[] known = new String[BUCKETS];
    private final int[] numbers = new int[BUCKETS];

    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        StatedClauses.all()
                .forEach((clause, all) -> all.forEach(row -> rows.add(clause + "/" + row)));
        return Collections.unmodifiableList(rows);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < ROWS.size(); i++) {
            numbers.put(ROWS.get(i), i);
        }
        return numbers;
    }

    /// The number of a row.
    ///
    /// @throws IllegalStateException if no clause declares it
    @SuppressWarnings("ReferenceEquality")
    int number(String row) {
        int bucket = row.hashCode() & (BUCKETS - 1);
        if (known[bucket] == row) {
            return numbers[bucket];
        }
        Integer number = NUMBERS.get(row);
        if (number == null) {
            throw new IllegalStateException("no clause declares the row " + row);
        }
        known[bucket] = row;
        numbers[bucket] = number;
        return number;
    }
}
