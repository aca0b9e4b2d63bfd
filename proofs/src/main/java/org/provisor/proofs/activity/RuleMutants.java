// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.mutation.KeptPrograms;
import org.provisor.proofs.mutation.MutantVerdict;
import org.provisor.proofs.mutation.MutantVerdict.Fate;
import org.provisor.proofs.mutation.MutatedCode;
import org.provisor.proofs.mutation.MutationJudge;
import org.provisor.proofs.mutation.MutationJudge.Judged;
import org.provisor.proofs.mutation.RuleMutant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Small errors made by operators are put into the rules, a sample of them.
final class RuleMutants implements Activity {

    /// What counts as enough in a sample; of all it is 97 in 100.
    private static final double ENOUGH = 0.95;

    /// The figure that says, of each clause, how many were killed.
    static final String BY_CLAUSE = "killedByClause";

    private static final int SAMPLE = 400;
    private static final long STEPS = 20_000;

    private final int sample;
    private final long most;
    private final double enough;

    RuleMutants() {
        this(SAMPLE, STEPS, ENOUGH);
    }

    /// @param sample how many are judged
    /// @param most steps of the campaign
    /// @param enough the part of them that has to be killed
    RuleMutants(int sample, long most, double enough) {
        this.sample = sample;
        this.most = most;
        this.enough = enough;
    }

    @Override
    public String name() {
        return "mutants";
    }

    @Override
    public String claim() {
        return "Small errors in the rules, made by operators, are noticed: 95 in 100 of a sample.";
    }

    private long steps(Settings settings) {
        return Math.min(most, settings.steps().orElse(most));
    }

    @Override
    public String command(Settings settings) {
        return String.format(
                Locale.ROOT,
                "mutate --sample %d --steps %d --seed %s",
                sample,
                steps(settings),
                settings.seedText());
    }

    @Override
    public String inputs(Settings settings) {
        return settings.seed() + " " + steps(settings) + " steps";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        MutationJudge judge =
                new MutationJudge(
                        MutatedCode.SPEC,
                        KeptPrograms.in(settings.project()),
                        settings.seed(),
                        steps(settings));
        List<RuleMutant> chosen = new ArrayList<>(judge.mutants());
        final int all = chosen.size();
        Collections.shuffle(chosen, new Random(settings.seed()));
        chosen = chosen.subList(0, Math.min(sample, all));
        chosen.sort(Comparator.comparingInt(RuleMutant::number));
        Judged judged =
                judge.judge(
                        chosen,
                        settings.jobs(),
                        done -> progress.accept(done + " of " + sample + " mutants"));
        return result(judged.verdicts(), all, judge.unknownEquivalents());
    }

    /// How many of a clause were judged and are errors, and how many of these were killed.
    private record Judgements(long judged, long killed) {

        private Judgements plus(Judgements more) {
            return new Judgements(judged + more.judged, killed + more.killed);
        }

        @Override
        public String toString() {
            return killed + " of " + judged;
        }
    }

    private Result result(List<MutantVerdict> verdicts, int all, List<String> unknown) {
        Map<String, Judgements> byClause = new TreeMap<>();
        List<String> missed = new ArrayList<>();
        List<String> wrong = new ArrayList<>(unknown);
        long killed = 0;
        long equivalent = 0;
        for (MutantVerdict each : verdicts) {
            if (each.fate() == Fate.KILLED) {
                killed++;
            } else if (each.fate() == Fate.EQUIVALENT) {
                equivalent++;
            } else {
                missed.add(each.mutant().id() + ", " + each.fate());
            }
            if (each.fate() != Fate.EQUIVALENT) {
                byClause.merge(
                        each.mutant().clause(),
                        new Judgements(1, each.fate() == Fate.KILLED ? 1 : 0),
                        Judgements::plus);
            }
            if (each.listedWrongly()) {
                wrong.add(each.mutant().id());
            }
        }
        long errors = verdicts.size() - equivalent;
        List<Case> cases = new ArrayList<>();
        cases.add(
                new Case("enough are killed", killed >= enough * errors, killed + " of " + errors));
        cases.add(
                new Case(
                        "what is listed as no error is none",
                        wrong.isEmpty(),
                        String.join(", ", wrong)));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("mutants", all);
        figures.put("judged", verdicts.size());
        figures.put("equivalent", equivalent);
        figures.put("killed", killed);
        figures.put("missed", missed);
        Map<String, Object> shares = new TreeMap<>();
        byClause.forEach((clause, share) -> shares.put(clause, share.toString()));
        figures.put(BY_CLAUSE, shares);
        return Result.of(
                this,
                String.format(
                        Locale.ROOT,
                        "%d of %d killed, a sample of %,d; %d more are no errors",
                        killed,
                        errors,
                        all,
                        equivalent),
                figures,
                cases);
    }
}
