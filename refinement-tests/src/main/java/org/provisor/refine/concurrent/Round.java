// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Difference;
import org.provisor.spec.state.Machine;

import java.util.ArrayList;
import java.util.List;

/// What two vCPUs did at once on a machine, or one alone, and whether that is as it should be.
final class Round {

    private final TwoVcpus machine;
    private final Machine pre;
    private final long[] before;
    private final List<Element> first;
    private final List<Element> second;
    private final Explanation explanation;
    private final @Nullable String crash;

    /// What shows by itself, whatever the order.
    private final @Nullable Difference wrong;

    /// A round that is over.
    ///
    /// @param pre the machine before it
    /// @param before all words of memory then
    /// @param first what one vCPU did
    /// @param second what the other did
    Round(TwoVcpus machine, Machine pre, long[] before, List<Element> first, List<Element> second) {
        this.machine = machine;
        this.pre = pre;
        this.before = before;
        this.first = first;
        this.second = second;
        explanation =
                new Explanation(
                        machine.host(),
                        machine.numbers(),
                        pre,
                        before,
                        machine.words(),
                        first,
                        second);
        crash = crash(first, second);
        Difference inBetween = machine.wrongInBetween();
        wrong = inBetween == null ? machine.stale() : inBetween;
    }

    /// Whether nothing shows already that there is no order.
    boolean known() {
        return crash == null && wrong == null;
    }

    /// Looks for an order, if nothing shows already that there is none.
    boolean explained() {
        return known() && explanation.search();
    }

    /// How many elements there were.
    int elements() {
        return first.size() + second.size();
    }

    /// How many pairs of elements were under way at the same time.
    int overlapping() {
        return explanation.overlapping();
    }

    /// The machine after an explained round, as the specification has it.
    Machine post() {
        return explanation.machine();
    }

    /// What was held for a moment in an explained round.
    Iterable<Moment> moments() {
        return explanation.moments();
    }

    /// What an element ended with that no call ends with.
    private static @Nullable String crash(List<Element> first, List<Element> second) {
        for (List<Element> side : List.of(first, second)) {
            for (Element element : side) {
                Throwable thrown = element.thrown;
                if (thrown != null) {
                    return thrown.getClass().getSimpleName();
                }
            }
        }
        return null;
    }

    /// A round that is not explained.
    ///
    /// @param seed of the machine
    /// @param elements how many were done on it by now
    Unexplained finding(long seed, long elements) {
        List<Difference> all =
                new ArrayList<>(wrong == null ? explanation.closest() : List.of(wrong));
        String part = all.isEmpty() ? "order" : all.getFirst().part();
        if (explanation.gaveUp()) {
            all.add(
                    new Difference(
                            "search", "given up: there are more orders than were looked at"));
        }
        return new Unexplained(
                seed,
                elements,
                elements(),
                crash == null ? part : crash,
                new RoundText(machine.numbers()).told(pre, before, first, second, all));
    }
}
