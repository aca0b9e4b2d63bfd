// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.concurrent.ConcurrentCampaign;
import org.provisor.refine.concurrent.ConcurrentRounds;
import org.provisor.refine.concurrent.ConcurrentRun;
import org.provisor.refine.concurrent.Unexplained;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What two vCPUs do at once has to be what they could have done one after the other.
final class TwoVcpus implements Activity {

    private static final long ELEMENTS = 60_000;

    private final Supplier<ConcurrentRounds> rounds;

    TwoVcpus() {
        this(ConcurrentRun::inTurns);
    }

    /// @param rounds plays rounds of two vCPUs
    TwoVcpus(Supplier<ConcurrentRounds> rounds) {
        this.rounds = rounds;
    }

    @Override
    public String name() {
        return "two-vcpus";
    }

    @Override
    public String claim() {
        return "What two vCPUs do at once, interleaved within calls, is what the specification"
                + " allows in some order.";
    }

    private static long elements(Settings settings) {
        return settings.steps().orElse(ELEMENTS);
    }

    @Override
    public Scope scope() {
        return Scope.USUAL;
    }

    @Override
    public String command(Settings settings) {
        return String.format(
                Locale.ROOT,
                "campaign --vcpus 2 --jobs 1 --seed %s --steps %d",
                settings.seedText(),
                elements(settings));
    }

    @Override
    public String inputs(Settings settings) {
        return settings.seed() + " " + elements(settings) + " elements";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        ConcurrentCampaign.Result result =
                new ConcurrentCampaign(rounds)
                        .seed(settings.seed())
                        .elements(elements(settings))
                        .progress(now ->
                                progress.accept(
                                        String.format(Locale.ROOT, "%,d elements", now.elements())))
                        .run();
        List<Case> cases = new ArrayList<>();
        cases.add(
                new Case(
                        String.format(
                                Locale.ROOT,
                                "seed 0x%x, %,d elements",
                                result.seed(),
                                result.total().elements()),
                        result.findings().isEmpty(),
                        String.join(
                                "\n", result.findings().stream().map(Unexplained::text).toList())));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("machines", result.total().machines());
        figures.put("rounds", result.total().rounds());
        figures.put("elements", result.total().elements());
        figures.put("overlapping", result.total().overlapping());
        return Result.of(
                this,
                String.format(
                        Locale.ROOT,
                        "%,d elements in %,d rounds of two vCPUs, %,d pairs at once; not explained:"
                                + " %d",
                        result.total().elements(),
                        result.total().rounds(),
                        result.total().overlapping(),
                        result.findings().size()),
                figures,
                cases);
    }
}
