// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.Summary;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.proofs.smallworld.WorldSize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// The default small world is explored to its last state.
final class SmallWorldExploration implements Activity {

    @Override
    public String name() {
        return "exploration";
    }

    @Override
    public String claim() {
        return "The invariants hold in every reachable machine of a small world, preempted"
                + " anywhere.";
    }

    @Override
    public Scope scope() {
        return Scope.ONE;
    }

    @Override
    public String command(Settings settings) {
        return "explore --profile " + settings.profile();
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        SmallWorld world = new SmallWorld(WorldSize.STANDARD.in(settings.profile()));
        Summary summary =
                new Exploration(world)
                        .jobs(settings.jobs())
                        .progress(now ->
                                progress.accept(
                                        String.format(
                                                Locale.ROOT,
                                                "%,d states, %,d transitions",
                                                now.states(),
                                                now.transitions())))
                        .run();
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("explored to the last state", summary.complete(), ""));
        summary.violations().forEach(violation -> cases.add(new Case(violation.what(), false, "")));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("world", summary.configuration());
        figures.put("states", summary.states());
        figures.put("transitions", summary.transitions());
        figures.put("depth", summary.depth());
        figures.put("digest", String.format("%016x", summary.digest()));
        return Result.of(
                        this,
                        String.format(
                                Locale.ROOT,
                                "%,d machines, %,d transitions, all invariants in each",
                                summary.states(),
                                summary.transitions()),
                        figures,
                        cases)
                .withRows(world.rows());
    }
}
