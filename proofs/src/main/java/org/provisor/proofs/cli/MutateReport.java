// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mutation.MutantVerdict;
import org.provisor.proofs.mutation.MutantVerdict.Fate;
import org.provisor.proofs.mutation.MutatedRules.By;
import org.provisor.proofs.mutation.MutatedRules.Killed;
import org.provisor.proofs.mutation.MutatedRules.Prepared;
import org.provisor.proofs.mutation.MutationJudge.Judged;
import org.provisor.proofs.mutation.Operator;
import org.provisor.proofs.mutation.RuleMutant;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// What came of mutants: shown, and written as a table.
final class MutateReport {

    private static final String[] COLUMNS = {
        "mutant",
        "clause",
        "class",
        "method",
        "line",
        "operator",
        "what",
        "fate",
        "by",
        "check",
        "wrong",
        "reason"
    };

    private final PrintWriter to;
    private final int enough;
    private final @Nullable Path table;

    /// @param enough how many in a hundred have to be killed, of those that are errors
    /// @param table where to write the table, if anywhere
    MutateReport(PrintWriter to, int enough, @Nullable Path table) {
        this.to = to;
        this.enough = enough;
        this.table = table;
    }

    /// Says which mutants there are.
    void list(List<RuleMutant> mutants) {
        mutants.forEach(mutant -> to.println(said(mutant)));
        to.println(mutants.size() + " mutants");
        to.flush();
    }

    private static String said(RuleMutant mutant) {
        return String.format(
                Locale.ROOT,
                "%-44s line %3d, %s",
                mutant.id(),
                mutant.line(),
                mutant.operator().text() + ": " + mutant.what());
    }

    /// Before anything is judged: the file is tried out, so that nothing is judged in vain.
    void begin() {
        if (table != null) {
            CsvFile.create(table, COLUMNS).close();
        }
    }

    /// After all.
    ///
    /// @param unknown what is listed as no error, but is not there
    /// @return whether enough were killed, and the list of those that are no errors is right
    boolean end(Judged judged, List<String> unknown) {
        List<MutantVerdict> verdicts = judged.verdicts();
        write(verdicts);
        to.println("judged by " + checks(judged.prepared()));
        to.println();
        to.println("operator      mutants   killed  survived  unexecuted  equivalent");
        for (Operator operator : Operator.values()) {
            row(operator.toString(), verdicts, v -> v.mutant().operator() == operator);
        }
        row("all", verdicts, _ -> true);
        to.println();
        for (MutantVerdict verdict : verdicts) {
            if (verdict.fate() == Fate.SURVIVED || verdict.fate() == Fate.UNEXECUTED) {
                to.println(padded(verdict.fate().toString(), 12) + said(verdict.mutant()));
            } else if (verdict.listedWrongly()) {
                to.println("listed as no error, but killed: " + verdict.mutant().id());
            }
        }
        unknown.forEach(id -> to.println("listed as no error, but not there: " + id));
        for (By by : By.values()) {
            long count = count(verdicts, v -> by(v, by));
            if (count > 0) {
                to.printf(Locale.ROOT, "killed by %s: %,d%n", by, count);
            }
        }
        long killed = count(verdicts, v -> v.fate() == Fate.KILLED);
        long errors = count(verdicts, v -> v.fate() != Fate.EQUIVALENT);
        to.printf(
                Locale.ROOT,
                "killed %,d of %,d, %.1f %%%n",
                killed,
                errors,
                errors == 0 ? 100 : 100.0 * killed / errors);
        to.flush();
        return 100 * killed >= enough * errors
                && unknown.isEmpty()
                && verdicts.stream().noneMatch(MutantVerdict::listedWrongly);
    }

    private static boolean by(MutantVerdict verdict, By by) {
        return verdict.killed().filter(killed -> killed.by() == by).isPresent();
    }

    /// What there was to judge by, in words.
    static String checks(Prepared prepared) {
        StringBuilder text = new StringBuilder();
        prepared.checks()
                .forEach((by, count) -> {
                    text.append(text.isEmpty() ? "" : ", ");
                    text.append(String.format(Locale.ROOT, "%,d %s", count, by.plural()));
                });
        return text.toString();
    }

    private void row(String name, List<MutantVerdict> verdicts, Predicate<MutantVerdict> of) {
        List<MutantVerdict> these = verdicts.stream().filter(of).toList();
        if (!these.isEmpty()) {
            to.printf(
                    Locale.ROOT,
                    "%-12s %,8d %,8d %,9d %,11d %,11d%n",
                    name,
                    these.size(),
                    count(these, v -> v.fate() == Fate.KILLED),
                    count(these, v -> v.fate() == Fate.SURVIVED),
                    count(these, v -> v.fate() == Fate.UNEXECUTED),
                    count(these, v -> v.fate() == Fate.EQUIVALENT));
        }
    }

    private static long count(List<MutantVerdict> verdicts, Predicate<MutantVerdict> of) {
        return verdicts.stream().filter(of).count();
    }

    private void write(List<MutantVerdict> verdicts) {
        if (table == null) {
            return;
        }
        try (CsvFile rows = CsvFile.create(table, COLUMNS)) {
            for (MutantVerdict verdict : verdicts) {
                RuleMutant mutant = verdict.mutant();
                rows.row(
                        mutant.id(),
                        mutant.clause(),
                        mutant.type(),
                        mutant.method(),
                        Integer.toString(mutant.line()),
                        mutant.operator().toString(),
                        mutant.what(),
                        verdict.fate().toString(),
                        verdict.killed().map(killed -> killed.by().toString()).orElse(""),
                        verdict.killed().map(Killed::check).orElse(""),
                        verdict.killed().map(Killed::wrong).orElse(""),
                        verdict.reason());
            }
        }
    }

    private static String padded(String text, int width) {
        return SeededColumns.padded(text, width);
    }
}
