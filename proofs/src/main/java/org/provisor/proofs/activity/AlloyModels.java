// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.model.Manifest;
import org.provisor.model.Ran;
import org.provisor.model.Runner;
import org.provisor.model.bridge.Bridge;
import org.provisor.model.bridge.Bridged;
import org.provisor.model.bridge.Concern;
import org.provisor.proofs.activity.Result.Case;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// The Alloy models' commands of the build, and the bridges between them and the specification.
final class AlloyModels implements Activity {

    @Override
    public String name() {
        return "model";
    }

    @Override
    public String claim() {
        return "Each Alloy model answers as expected, by two solvers where it is large, and takes"
                + " the same steps as the specification.";
    }

    @Override
    public String command(Settings settings) {
        return "model";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        Runner.quiet();
        Manifest manifest = Manifest.shipped();
        List<Callable<Case>> tasks = new ArrayList<>();
        for (Manifest.Entry entry : manifest.entries()) {
            if (entry.tier() == Manifest.Tier.BUILD) {
                tasks.add(() -> {
                    progress.accept(entry.name());
                    return command(Runner.run(entry));
                });
            }
        }
        int commands = tasks.size();
        long[] checked = new long[1];
        for (String model : manifest.models()) {
            if (Concern.has(model)) {
                for (Bridge.Part part : Bridge.build(Concern.of(model))) {
                    tasks.add(() -> {
                        progress.accept("bridge of " + model);
                        Bridged bridged = part.run(_ -> {});
                        synchronized (checked) {
                            checked[0] += bridged.checked();
                        }
                        return bridge(bridged);
                    });
                }
            }
        }
        List<Case> cases = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            for (Future<Case> each : threads.invokeAll(tasks)) {
                cases.add(Ended.of(each));
            }
        }
        return Result.of(
                this,
                String.format(
                        Locale.ROOT,
                        "%d commands, %,d transitions bridged both ways",
                        commands,
                        checked[0]),
                Map.of("commands", commands, "bridged", checked[0]),
                cases);
    }

    private static Case command(Ran ran) {
        return new Case(
                ran.entry().name() + " for " + ran.entry().scope(),
                ran.asExpected(),
                ran.asExpected() ? "" : ran.finding());
    }

    private static Case bridge(Bridged bridged) {
        return new Case(
                "bridge "
                        + bridged.model()
                        + ", "
                        + bridged.way()
                        + ", "
                        + bridged.frames()
                        + " frames",
                bridged.mismatches().isEmpty(),
                String.join("; ", bridged.mismatches().stream().map(Object::toString).toList()));
    }
}
