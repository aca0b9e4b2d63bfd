// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.recall.Advisories;
import org.provisor.proofs.recall.Advisory;
import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.recall.AdvisoryMutants;
import org.provisor.proofs.recall.Mutant;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;
import org.provisor.proofs.recall.RecallVerdict.Ending;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Errors that Xen had are put into the implementation, and the campaign has to find them.
final class AdvisoryRecall implements Activity {

    /// What counts as enough, of those that can be had.
    private static final double ENOUGH = 0.95;

    private static final long SEED = 1;

    /// How many steps a campaign compares before its error counts as missed; the last that is found
    /// takes 700,000.
    private static final long STEPS = 1_000_000;

    private final long most;

    AdvisoryRecall() {
        this(STEPS);
    }

    /// @param most steps of a campaign where steps are counted
    AdvisoryRecall(long most) {
        this.most = most;
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public String claim() {
        return "The comparison finds what really went wrong in Xen: 95 in 100 of the advisories"
                + " whose error the implementation can have.";
    }

    @Override
    public String command(Settings settings) {
        return "recall";
    }

    @Override
    public String inputs(Settings settings) {
        return settings.steps().isPresent() ? most + " steps" : String.valueOf(each(settings));
    }

    /// How long one may take of a processor.
    private static long each(Settings settings) {
        return Math.max(TimeUnit.SECONDS.toNanos(10), settings.chanceNanos() / 2);
    }

    /// Where steps are counted no clock decides.
    private RecallJudge judge(Settings settings) {
        return settings.steps().isPresent()
                ? RecallJudge.ofSteps(SEED, most)
                : new RecallJudge(SEED, each(settings));
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        List<Advisory> advisories = Advisories.shipped();
        List<Mutant> mutants =
                AdvisoryMutants.of(
                        advisories.stream()
                                .filter(each -> each.standing() == Standing.EXPRESSIBLE)
                                .toList());
        RecallJudge judge = judge(settings);
        AtomicInteger done = new AtomicInteger();
        List<Callable<RecallVerdict>> tasks = new ArrayList<>();
        tasks.add(judge::control);
        for (Mutant mutant : mutants) {
            tasks.add(() -> {
                RecallVerdict verdict = judge.judge(mutant);
                progress.accept(done.incrementAndGet() + " of " + mutants.size() + " advisories");
                return verdict;
            });
        }
        List<RecallVerdict> verdicts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            for (Future<RecallVerdict> each : threads.invokeAll(tasks)) {
                verdicts.add(Ended.of(each));
            }
        }
        return result(advisories, verdicts);
    }

    private Result result(List<Advisory> advisories, List<RecallVerdict> verdicts) {
        List<RecallVerdict> mutants = verdicts.subList(1, verdicts.size());
        long found = mutants.stream().filter(RecallVerdict::found).count();
        List<Case> cases = new ArrayList<>();
        boolean clean = verdicts.getFirst().ending() == Ending.MISSED;
        cases.add(new Case("nothing is found without an error", clean, ""));
        cases.add(
                new Case(
                        "95 in 100 are found",
                        found >= ENOUGH * mutants.size(),
                        found + " of " + mutants.size()));
        List<String> missed = new ArrayList<>();
        Map<String, String> oracles = new LinkedHashMap<>();
        for (RecallVerdict each : mutants) {
            if (each.found()) {
                oracles.put(each.mutant(), each.oracle().toString());
            } else {
                missed.add(each.mutant());
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("advisories", advisories.size());
        for (Standing standing : Standing.values()) {
            figures.put(
                    standing.toString(),
                    advisories.stream().filter(each -> each.standing() == standing).count());
        }
        figures.put("found", found);
        figures.put("missed", missed);
        figures.put("foundBy", oracles);
        return Result.of(
                this,
                String.format(
                        Locale.ROOT,
                        "%d of %d errors of advisories found%s; %d more cannot be had here",
                        found,
                        mutants.size(),
                        missed.isEmpty() ? "" : ", not " + String.join(", ", missed),
                        advisories.size() - mutants.size()),
                figures,
                cases);
    }
}
