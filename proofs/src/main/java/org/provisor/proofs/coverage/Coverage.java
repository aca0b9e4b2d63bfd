// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import org.provisor.proofs.coverage.Clauses.Stated;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which rows were seen to decide.
///
/// @param clauses all clauses, by identifier
/// @param inExamples how often each row decided in the examples
/// @param inExploration how often each row decided in the exploration
/// @param excused rows that need not be seen, and why
public record Coverage(
        List<Stated> clauses,
        Map<String, Long> inExamples,
        Map<String, Long> inExploration,
        Map<String, String> excused) {

    public Coverage {
        clauses = List.copyOf(clauses);
        inExamples = new TreeMap<>(inExamples);
        inExploration = new TreeMap<>(inExploration);
        excused = new TreeMap<>(excused);
    }

    /// The specification's clauses, seen in its worked examples and in an exploration.
    public static Coverage of(final Map<String, Long> inExploration) {
        return new Coverage(Clauses.all(), examples(), inExploration, Unreached.listed());
    }

    /// How often each row decides in the worked examples.
    static Map<String, Long> examples() {
        final Map<String, Long> seen = new TreeMap<>();
        for (final Example example : Examples.all()) {
            example.outcome().rows().forEach(row -> seen.merge(row, 1L, Long::sum));
        }
        return seen;
    }

    /// All rows as `clause/row`, by clause.
    public List<String> rows() {
        final List<String> rows = new ArrayList<>();
        for (final Stated clause : clauses) {
            clause.rows().forEach(row -> rows.add(clause.id() + "/" + row));
        }
        return rows;
    }

    /// Clauses without rows: predicates and helpers, covered by the rules that ask them.
    public List<Stated> rowless() {
        return clauses.stream().filter(clause -> clause.rows().isEmpty()).toList();
    }

    private boolean seen(final String row) {
        return inExamples.containsKey(row) || inExploration.containsKey(row);
    }

    /// Rows never seen, for which there is no excuse.
    public List<String> missing() {
        return rows().stream().filter(row -> !seen(row) && !excused.containsKey(row)).toList();
    }

    /// Excuses for rows that were seen, or that there are not.
    public List<String> needless() {
        final List<String> rows = rows();
        return excused.keySet().stream().filter(row -> seen(row) || !rows.contains(row)).toList();
    }

    /// Rows that were reported but that no clause declares.
    public List<String> undeclared() {
        final TreeSet<String> reported = new TreeSet<>(inExamples.keySet());
        reported.addAll(inExploration.keySet());
        rows().forEach(reported::remove);
        return List.copyOf(reported);
    }

    /// Whether there is nothing to complain of.
    public boolean fine() {
        return missing().isEmpty() && needless().isEmpty() && undeclared().isEmpty();
    }

    /// The coverage as lines of text.
    public String text() {
        final List<String> rows = rows();
        final Formatter text = new Formatter(Locale.ROOT);
        text.format(
                "clauses         %,d, of which %,d without rows\n",
                clauses.size(), rowless().size());
        text.format("rows            %,d\n", rows.size());
        text.format("in examples     %,d\n", count(inExamples));
        text.format("in exploration  %,d\n", count(inExploration));
        text.format("in neither      %,d\n", rows.stream().filter(row -> !seen(row)).count());
        excused.forEach((row, reason) -> {
            if (!seen(row)) {
                text.format("  %s, excused: %s\n", row, reason);
            }
        });
        missing().forEach(row -> text.format("  %s, MISSING\n", row));
        needless().forEach(row -> text.format("excused for nothing: %s\n", row));
        undeclared().forEach(row -> text.format("reported, not declared: %s\n", row));
        return text.toString();
    }

    private long count(final Map<String, Long> seen) {
        return rows().stream().filter(seen::containsKey).count();
    }

    /// The coverage as comma-separated values, a row a line.
    public String csv() {
        final StringBuilder text = new StringBuilder("clause,row,examples,exploration,excuse\n");
        for (final Stated clause : clauses) {
            for (final String row : clause.rows()) {
                final String name = clause.id() + "/" + row;
                text.append(clause.id())
                        .append(',')
                        .append(row)
                        .append(',')
                        .append(inExamples.getOrDefault(name, 0L))
                        .append(',')
                        .append(inExploration.getOrDefault(name, 0L))
                        .append(',')
                        .append(quoted(excused.getOrDefault(name, "")))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String quoted(final String text) {
        return text.isEmpty() ? "" : '"' + text.replace("\"", "\"\"") + '"';
    }
}
