// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A command that was run.
///
/// @param entry which
/// @param answers what each solver said
public record Ran(Manifest.Entry entry, List<Answer> answers) {

    /// What a solver said.
    ///
    /// @param solver its name
    /// @param satisfiable whether it found an instance
    /// @param seconds how long parsing, translating and solving took
    /// @param variables how many variables the formula has
    /// @param clauses how many clauses
    public record Answer(
            String solver, boolean satisfiable, double seconds, int variables, int clauses) {}

    public Ran {
        answers = List.copyOf(answers);
    }

    /// Whether all solvers say what is expected.
    public boolean asExpected() {
        return answers.stream().allMatch(a -> a.satisfiable() == entry.satisfiable());
    }

    /// Whether all solvers say the same.
    public boolean agreed() {
        return answers.stream().map(Answer::satisfiable).distinct().count() == 1;
    }

    /// What is wrong, in words; empty if nothing is.
    public String finding() {
        if (asExpected()) {
            return "";
        }
        return agreed()
                ? entry.satisfiable() ? "no instance, expected one" : "an instance, expected none"
                : "the solvers disagree";
    }

    /// For the receipt.
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", entry.model() + ".als");
        json.put("command", entry.command());
        json.put("scope", entry.scope());
        json.put("expect", entry.satisfiable() ? 1 : 0);
        json.put("asExpected", asExpected());
        json.put("answers", answers.stream().map(Ran::json).toList());
        return json;
    }

    private static Map<String, Object> json(Answer answer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("solver", answer.solver());
        json.put("found", answer.satisfiable() ? 1 : 0);
        json.put("seconds", Math.round(answer.seconds() * 1000) / 1000.0);
        json.put("variables", answer.variables());
        json.put("clauses", answer.clauses());
        return json;
    }
}
