// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.provisor.proofs.cli.SeededColumns.padded;
import static org.provisor.proofs.cli.SeededColumns.seconds;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.seeded.RuleJudge;
import org.provisor.proofs.seeded.RuleVerdict;
import org.provisor.proofs.seeded.SeededError;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Errors in the specification, one after the other, as the command shows them.
final class SeededRules {

    private final PrintWriter out;
    private final boolean traces;
    private final @Nullable Path table;

    /// @param traces whether to say how each error shows
    /// @param table where to write the table too, if anywhere
    SeededRules(PrintWriter out, boolean traces, @Nullable Path table) {
        this.out = out;
        this.traces = traces;
        this.table = table;
    }

    /// Judges errors.
    ///
    /// @return whether all were found
    boolean judged(RuleJudge judge, List<SeededError> errors) {
        errors.forEach(judge::fits);
        int width = SeededColumns.width(errors);
        List<RuleVerdict> verdicts = new ArrayList<>();
        try (CsvFile rows =
                table == null
                        ? null
                        : CsvFile.create(table, "error", "found by", "seconds", "where")) {
            out.println(padded("error", width) + padded("found by", 12) + "   time  where");
            for (SeededError error : errors) {
                RuleVerdict verdict = judged(judge, error);
                verdicts.add(verdict);
                show(verdict, width);
                if (rows != null) {
                    rows.row(
                            error.name(),
                            verdict.by().toString(),
                            seconds(verdict.nanos()),
                            verdict.where());
                }
            }
        }
        sum(judge, verdicts);
        return verdicts.stream().allMatch(RuleVerdict::found);
    }

    private static RuleVerdict judged(RuleJudge judge, SeededError error) {
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            progress.show(error::name);
            return judge.judge(error);
        }
    }

    private void show(RuleVerdict verdict, int width) {
        out.println(
                padded(verdict.error().name(), width)
                        + padded(verdict.by().toString(), 12)
                        + String.format("%5s s  ", seconds(verdict.nanos()))
                        + verdict.where());
        if (traces) {
            verdict.wrong().lines().forEach(line -> out.println("    " + line));
        }
        out.flush();
    }

    private void sum(RuleJudge judge, List<RuleVerdict> verdicts) {
        judge.worlds().forEach(world -> out.println("world " + world));
        judge.brokenAnyway().forEach(what -> out.println("not counted, in " + what));
        if (!judge.wrongAnyway().isEmpty()) {
            out.println(
                    "not counted: "
                            + judge.wrongAnyway().size()
                            + " examples, which do not come out without an error either");
        }
        if (traces) {
            judge.wrongAnyway()
                    .forEach((example, what) -> out.println("    " + example + ": " + what));
        }
        StringBuilder sum = new StringBuilder(SeededColumns.errors(verdicts.size()));
        for (RuleVerdict.By each : RuleVerdict.By.values()) {
            long count = verdicts.stream().filter(v -> v.by() == each).count();
            if (count > 0) {
                sum.append(sum.charAt(sum.length() - 1) == ':' ? " " : ", ")
                        .append(count)
                        .append(each == RuleVerdict.By.NOTHING ? " survived" : " found by " + each);
            }
        }
        out.println(sum);
        out.flush();
    }
}
