// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The implementation is compared with the specification, on programs made up by chance.
///
/// As many campaigns as there are lanes, each on one thread with a seed of its own: given a number
/// of steps, each does the same whenever it is run.
final class Refinement implements Activity {

    private static final int LANES = 4;

    /// The golden ratio, which spreads seeds.
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final Supplier<Subject> subjects;

    Refinement() {
        this(() -> new ImplSubject(Switches.ALL));
    }

    /// @param subjects makes what is compared with the specification
    Refinement(Supplier<Subject> subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "refinement";
    }

    @Override
    public String claim() {
        return "The implementation does what the specification says, step by step: answers, frames,"
                + " domains, memory, flushes.";
    }

    @Override
    public Scope scope() {
        return Scope.ONE;
    }

    @Override
    public String command(Settings settings) {
        return "campaign --profile "
                + settings.profile()
                + " --jobs 1 --seed "
                + settings.seedText()
                + settings.steps()
                        .map(steps -> " --steps " + Math.max(1, steps / LANES))
                        .orElse("");
    }

    @Override
    public String inputs(Settings settings) {
        return settings.seed()
                + " "
                + settings.steps()
                        .map(steps -> steps + " steps")
                        .orElse(settings.chanceNanos() * settings.jobs() + " ns");
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        AtomicLongArray steps = new AtomicLongArray(LANES);
        List<Callable<CampaignResult>> tasks = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            int lane = i;
            Campaign campaign =
                    new Campaign(subjects)
                            .worlds(Worlds.of(settings.profile()))
                            .seed(settings.seed() + lane * SPREAD)
                            .jobs(1)
                            .progress(now -> {
                                steps.set(lane, now.steps());
                                progress.accept(
                                        String.format(Locale.ROOT, "%,d steps", sum(steps)));
                            });
            if (settings.steps().isPresent()) {
                campaign.steps(Math.max(1, settings.steps().get() / LANES));
            } else {
                campaign.budgetNanos(settings.chanceNanos() * settings.jobs() / LANES);
            }
            tasks.add(campaign::run);
        }
        List<CampaignResult> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            for (Future<CampaignResult> each : threads.invokeAll(tasks)) {
                results.add(Ended.of(each));
            }
        }
        return result(results);
    }

    private static long sum(AtomicLongArray counts) {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    private Result result(List<CampaignResult> results) {
        Map<String, Long> rows = new TreeMap<>();
        Map<String, Long> unspecified = new TreeMap<>();
        List<Case> cases = new ArrayList<>();
        long steps = 0;
        long calls = 0;
        for (CampaignResult each : results) {
            steps += each.steps();
            calls += each.calls();
            each.rows().counts().forEach((row, count) -> rows.merge(row, count, Long::sum));
            each.unspecified().forEach((why, count) -> unspecified.merge(why, count, Long::sum));
            cases.add(
                    new Case(
                            String.format(
                                    Locale.ROOT, "seed 0x%x, %,d steps", each.seed(), each.steps()),
                            each.differences().isEmpty(),
                            String.join(
                                    "\n",
                                    each.differences().stream().map(Finding::text).toList())));
        }
        rows.values().removeIf(count -> count == 0);
        Map<String, String> excused = Unreached.listed();
        long all = results.getFirst().rows().rows();
        long apart = excused.keySet().stream().filter(row -> !rows.containsKey(row)).count();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("steps", steps);
        figures.put("calls", calls);
        figures.put("rows", all);
        figures.put("rowsReached", rows.size());
        figures.put("rowsExcused", apart);
        figures.put("unspecified", unspecified);
        return Result.of(
                        this,
                        String.format(
                                Locale.ROOT,
                                "%,d calls, %,d steps compared; %d of %d rows, %d excused",
                                calls,
                                steps,
                                rows.size(),
                                all,
                                apart),
                        figures,
                        cases)
                .withRows(rows);
    }
}
