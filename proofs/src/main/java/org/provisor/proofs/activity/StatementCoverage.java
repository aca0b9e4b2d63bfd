// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.mutation.KeptPrograms;
import org.provisor.proofs.statements.StatementCheck;
import org.provisor.proofs.statements.StatementCheck.Figures;
import org.provisor.proofs.statements.StatementCheck.Line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The lines of the rules and of the implementation's memory management are executed.
///
/// Always from the same seed and with as many steps, as MC/DC is.
final class StatementCoverage implements Activity {

    private static final long SEED = 1;

    private final long steps;
    private final Supplier<StatementCheck> check;

    StatementCoverage() {
        this(StatementCheck.STEPS, StatementCheck::new);
    }

    /// @param steps of the campaign
    /// @param check makes what counts
    StatementCoverage(long steps, Supplier<StatementCheck> check) {
        this.steps = steps;
        this.check = check;
    }

    @Override
    public String name() {
        return "statements";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "%d in 100 lines of the rules and %d in 100 of the implementation's memory"
                        + " management were executed; every other is named.",
                StatementCheck.hundredths("spec"),
                StatementCheck.hundredths("impl"));
    }

    @Override
    public String command(Settings settings) {
        return "statements --branches";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        StatementCheck.Result result =
                check.get()
                        .run(
                                KeptPrograms.in(settings.project()),
                                SEED,
                                steps,
                                StepsListener.of(progress));
        Map<String, Object> figures = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        result.figures()
                .forEach((module, each) -> {
                    figures.put(module, figures(each));
                    words.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %,d of %,d lines, %,d of %,d ways of branches",
                                    module,
                                    each.executed(),
                                    each.lines(),
                                    each.taken(),
                                    each.branches()));
                    cases.add(
                            new Case(
                                    StatementCheck.hundredths(module)
                                            + " in 100 lines of "
                                            + module,
                                    each.enough(module),
                                    each.executed() + " of " + each.lines()));
                });
        figures.put("missing", missing(result.lines()));
        figures.putAll(result.runs().figures());
        return Result.of(this, "executed of " + String.join("; ", words), figures, cases);
    }

    private static Map<String, Object> figures(Figures each) {
        Map<String, Object> figures = new TreeMap<>();
        figures.put("lines", each.lines());
        figures.put("executed", each.executed());
        figures.put("branches", each.branches());
        figures.put("taken", each.taken());
        return figures;
    }

    /// What is missing of each line that is not executed, or not each way.
    private static Map<String, Object> missing(List<Line> lines) {
        Map<String, Object> named = new TreeMap<>();
        for (Line line : lines) {
            named.put(
                    String.format(
                            Locale.ROOT, "%s/%s:%05d", line.module(), line.file(), line.number()),
                    line.never()
                            ? "never executed"
                            : line.missed() + " of " + line.ways() + " ways never gone");
        }
        return named;
    }
}
