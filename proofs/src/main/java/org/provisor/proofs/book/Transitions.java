// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.provisor.spec.example.Example;
import org.provisor.spec.state.Outcome;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which states of a life cycle change into which others in the worked examples, and which clauses
/// do it: those that decide in most examples of the change, and in few without it.
final class Transitions {

    private static final int MOST_CLAUSES = 3;

    /// The least mean of both shares for a clause to be named beside the first.
    private static final double ENOUGH = 0.5;

    /// @param from the state before
    /// @param to the state after
    record Change(String from, String to) {}

    /// A change that examples show.
    ///
    /// @param clauses that do it, the first most of all
    /// @param examples how many there are
    /// @param row the row that the first of them is of
    record Shown(Change change, List<String> clauses, int examples, String row) {}

    private record Seen(Example example, Set<String> clauses) {}

    private Transitions() {}

    /// What the examples show of a life cycle, in the order of its states.
    static List<Shown> of(LifeCycle cycle, Iterable<Example> examples) {
        Map<Change, List<Seen>> changes = new LinkedHashMap<>();
        Map<String, Integer> often = new HashMap<>();
        for (Example example : examples) {
            Outcome outcome = example.outcome();
            Set<String> clauses = new TreeSet<>();
            outcome.rows().forEach(row -> clauses.add(row.substring(0, row.indexOf('/'))));
            clauses.forEach(clause -> often.merge(clause, 1, Integer::sum));
            Map<Object, String> after = cycle.states().in(outcome.machine());
            Set<Change> here = new LinkedHashSet<>();
            cycle.states()
                    .in(example.given().machine())
                    .forEach((thing, from) -> {
                        String to = after.getOrDefault(thing, cycle.whenGone());
                        if (!to.isEmpty() && !to.equals(from)) {
                            here.add(new Change(from, to));
                        }
                    });
            for (Change change : here) {
                changes.computeIfAbsent(change, _ -> new ArrayList<>())
                        .add(new Seen(example, clauses));
            }
        }
        List<String> order = List.copyOf(cycle.places().keySet());
        List<Shown> shown = new ArrayList<>();
        changes.forEach((change, seen) ->
                shown.add(
                        new Shown(
                                change,
                                clauses(seen, often),
                                seen.size(),
                                seen.getFirst().example.row())));
        shown.sort(
                Comparator.comparingInt((Shown each) -> order.indexOf(each.change.from))
                        .thenComparingInt(each -> order.indexOf(each.change.to)));
        return shown;
    }

    /// The clauses that go best with a change, by the harmonic mean of how much of the change has
    /// them and how much of them has the change.
    private static List<String> clauses(List<Seen> seen, Map<String, Integer> often) {
        Map<String, Integer> here = new HashMap<>();
        seen.forEach(each -> each.clauses.forEach(clause -> here.merge(clause, 1, Integer::sum)));
        Map<String, Double> fit = new HashMap<>();
        here.forEach((clause, count) ->
                fit.put(clause, 2.0 * count / (seen.size() + often.getOrDefault(clause, count))));
        List<String> best = new ArrayList<>(fit.keySet());
        best.sort(
                Comparator.comparingDouble((String clause) -> -fit.getOrDefault(clause, 0.0))
                        .thenComparing(clause -> clause));
        List<String> named = new ArrayList<>();
        for (String clause : best) {
            if (named.isEmpty()
                    || (named.size() < MOST_CLAUSES && fit.getOrDefault(clause, 0.0) >= ENOUGH)) {
                named.add(clause);
            }
        }
        return named;
    }
}
