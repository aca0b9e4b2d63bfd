// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.mcdc.McdcCheck;
import org.provisor.proofs.mcdc.McdcCheck.Figures;
import org.provisor.proofs.mcdc.McdcCheck.Gap;
import org.provisor.proofs.mutation.KeptPrograms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Every condition of the rules and of the implementation is looked for to decide by itself.
///
/// Always from the same seed and with as many steps: the list of what nothing shows belongs to
/// them.
final class DecisionCoverage implements Activity {

    private static final long SEED = 1;

    private final long steps;
    private final Supplier<McdcCheck> check;

    DecisionCoverage() {
        this(McdcCheck.STEPS, McdcCheck::new);
    }

    /// @param steps of the campaign
    /// @param check makes what watches
    DecisionCoverage(long steps, Supplier<McdcCheck> check) {
        this.steps = steps;
        this.check = check;
    }

    @Override
    public String name() {
        return "mcdc";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "Of the conditions that are not excused %d in 100 of the rules and %d in 100 of the"
                        + " implementation's memory management were seen to decide by themselves;"
                        + " every other is named.",
                McdcCheck.hundredths("spec"),
                McdcCheck.hundredths("impl"));
    }

    @Override
    public String command(Settings settings) {
        return "mcdc --gaps";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        McdcCheck.Result result =
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
                                    "%s: %d of %d conditions, %d more excused",
                                    module,
                                    each.shown(),
                                    each.conditions(),
                                    each.justified()));
                    cases.add(
                            new Case(
                                    McdcCheck.hundredths(module)
                                            + " in 100 conditions of "
                                            + module,
                                    each.enough(module),
                                    each.shown()
                                            + " of "
                                            + (each.conditions() - each.justified())));
                });
        for (String id : result.needless()) {
            cases.add(
                    new Case("excused for nothing: " + id, false, "it is shown, or is not there"));
        }
        figures.put("gaps", gaps(result.gaps()));
        figures.put("complaints", result.complaints());
        figures.putAll(result.runs().figures());
        return Result.of(this, "MC/DC of " + String.join("; ", words), figures, cases);
    }

    private static Map<String, Object> figures(Figures each) {
        Map<String, Object> figures = new TreeMap<>();
        figures.put("decisions", each.decisions());
        figures.put("conditions", each.conditions());
        figures.put("uniqueCause", each.uniqueCause());
        figures.put("masking", each.masking());
        figures.put("excused", each.justified());
        return figures;
    }

    /// Each gap by name, with what is missing and why.
    private static Map<String, Object> gaps(List<Gap> gaps) {
        Map<String, Object> named = new TreeMap<>();
        for (Gap gap : gaps) {
            named.put(
                    gap.id(),
                    String.format(
                            Locale.ROOT,
                            "line %d, %s: %s%s",
                            gap.condition().line(),
                            gap.condition().text(),
                            gap.missing(),
                            gap.reason().isEmpty() ? "" : ". " + gap.reason()));
        }
        return named;
    }
}
