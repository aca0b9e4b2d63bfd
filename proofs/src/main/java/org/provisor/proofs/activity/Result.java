// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What came of an activity. Without times, so that the same run has the same result.
///
/// @param activity its name
/// @param verdict how it ended
/// @param summary in a line
/// @param figures by name and in its order: numbers and texts
/// @param cases what was judged one by one; empty where that would be too many
/// @param rows how often each row of the specification decided, as `clause/row`; empty if not told
public record Result(
        String activity,
        Verdict verdict,
        String summary,
        Map<String, Object> figures,
        List<Case> cases,
        Map<String, Long> rows) {

    public Result {
        figures = new TreeMap<>(figures);
        cases = List.copyOf(cases);
        rows = new TreeMap<>(rows);
    }

    /// How an activity ended.
    public enum Verdict {
        /// What it claims was seen to hold.
        PASSED,
        /// It was seen not to hold.
        FAILED,
        /// It was not run.
        NOT_RUN;

        /// In words.
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// One thing that was judged.
    ///
    /// @param name unique within the activity
    /// @param passed whether it is as it should be
    /// @param what what is wrong, or how it was found; may be empty
    public record Case(String name, boolean passed, String what) {}

    /// The result of something that could not be run.
    public static Result notRun(Activity activity, String why) {
        return new Result(activity.name(), Verdict.NOT_RUN, why, Map.of(), List.of(), Map.of());
    }

    /// The result of cases.
    public static Result of(
            Activity activity, String summary, Map<String, Object> figures, List<Case> cases) {
        boolean passed = cases.stream().allMatch(Case::passed);
        return new Result(
                activity.name(),
                passed ? Verdict.PASSED : Verdict.FAILED,
                summary,
                figures,
                cases,
                Map.of());
    }

    /// The same with rows that decided.
    public Result withRows(Map<String, Long> seen) {
        return new Result(activity, verdict, summary, figures, cases, seen);
    }

    /// How many errors put into the rules of a clause were noticed, as `3 of 4`; empty where none
    /// was put in.
    public String killedOf(String clause) {
        return figures.get(RuleMutants.BY_CLAUSE) instanceof Map<?, ?> shares
                        && shares.get(clause) instanceof String share
                ? share
                : "";
    }

    /// The cases that are not as they should be.
    public List<Case> failures() {
        return cases.stream().filter(each -> !each.passed()).toList();
    }
}
