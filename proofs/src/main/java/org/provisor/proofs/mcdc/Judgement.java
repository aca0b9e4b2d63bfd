// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Whether evaluations show that a condition decides by itself.
///
/// They do if one in which it is true and one in which it is false have different outcomes, and in
/// each the condition decides: were its value the other one, so would the outcome be, whatever else
/// was evaluated staying as it was. A condition that was not evaluated may have any value. This is
/// masking MC/DC; the pair is one of unique cause if besides no condition was evaluated in both to
/// different values.
final class Judgement {

    private Judgement() {}

    /// A pair that shows a condition.
    ///
    /// @param whenTrue the evaluation in which it is true
    /// @param whenFalse the one in which it is false
    /// @param uniqueCause whether nothing else differs
    record Pair(Evaluation whenTrue, Evaluation whenFalse, boolean uniqueCause) {}

    /// The pair that shows a condition, one of unique cause if there is; none if nothing does.
    static Optional<Pair> pair(Decision decision, int index, Collection<Evaluation> seen) {
        Optional<Pair> found = Optional.empty();
        for (Evaluation first : seen) {
            if (!deciding(decision, index, first, true)) {
                continue;
            }
            for (Evaluation second : seen) {
                if (second.outcome() != first.outcome()
                        && deciding(decision, index, second, false)) {
                    Pair pair = new Pair(first, second, unique(decision, index, first, second));
                    if (pair.uniqueCause()) {
                        return Optional.of(pair);
                    }
                    found = Optional.of(pair);
                }
            }
        }
        return found;
    }

    private static boolean unique(Decision decision, int index, Evaluation a, Evaluation b) {
        for (int i = 0; i < decision.conditions().size(); i++) {
            if (i != index && a.evaluated(i) && b.evaluated(i) && a.value(i) != b.value(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a condition had this value and decided.
    private static boolean deciding(Decision decision, int index, Evaluation in, boolean value) {
        if (!in.evaluated(index) || in.value(index) != value) {
            return false;
        }
        Decision.Condition condition = decision.conditions().get(index);
        int other = value ? condition.whenFalse() : condition.whenTrue();
        return canBe(decision, other, in, !in.outcome());
    }

    /// Whether the outcome can be this one from a condition on.
    private static boolean canBe(Decision decision, int from, Evaluation in, boolean outcome) {
        if (from < 0) {
            return (from == Decision.TRUE) == outcome;
        }
        Decision.Condition condition = decision.conditions().get(from);
        boolean either = !in.evaluated(from);
        boolean ifTrue = either || in.value(from);
        boolean ifFalse = either || !in.value(from);
        return (ifTrue && canBe(decision, condition.whenTrue(), in, outcome))
                || (ifFalse && canBe(decision, condition.whenFalse(), in, outcome));
    }

    /// What is missing to show a condition, in a few words.
    static String missing(Decision decision, int index, Collection<Evaluation> seen) {
        if (seen.isEmpty()) {
            return "the decision is never evaluated";
        }
        if (seen.stream().noneMatch(each -> each.evaluated(index))) {
            return "it is never evaluated";
        }
        for (boolean value : List.of(true, false)) {
            if (seen.stream().noneMatch(e -> e.evaluated(index) && e.value(index) == value)) {
                return "it is never " + value;
            }
        }
        for (boolean value : List.of(true, false)) {
            if (seen.stream().noneMatch(e -> deciding(decision, index, e, value))) {
                return "it never decides while it is " + value;
            }
        }
        return "the outcome never differs";
    }
}
