// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.Summary;
import org.provisor.proofs.explore.Violation;
import org.provisor.proofs.seeded.Rules;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The rules that this class was loaded with.
public final class LoadedRules implements Rules {

    private static final long MAX_BYTES = 1L << 30;

    @Override
    public int examples() {
        return Examples.all().size();
    }

    @Override
    public Map<String, String> wrongExamples() {
        Map<String, String> wrong = new LinkedHashMap<>();
        for (Example example : Examples.all()) {
            ExampleCheck.wrong(example).forEach(what -> wrong.put(name(example), what));
        }
        return wrong;
    }

    @Override
    public Optional<Wrong> wrongExample(Map<String, String> known) {
        Vector<Example> all;
        try {
            all = Examples.all();
        } catch (RuntimeException | StackOverflowError | ExceptionInInitializerError e) {
            return Optional.of(new Wrong("the scenes of the examples", Exceptions.summary(e)));
        }
        for (Example example : all) {
            Option<String> wrong = ExampleCheck.wrong(example);
            if (wrong.isDefined() && !wrong.get().equals(known.get(name(example)))) {
                return Optional.of(new Wrong(name(example), wrong.get()));
            }
        }
        return Optional.empty();
    }

    private static String name(Example example) {
        return example.row() + ": " + example.title();
    }

    @Override
    public int worlds() {
        return Worlds.ALL.size();
    }

    @Override
    public String world(int number) {
        return Worlds.ALL.get(number).text();
    }

    @Override
    public Explored explore(int number, int depth, long nanos, int jobs) {
        SmallWorld world = new SmallWorld(Worlds.ALL.get(number));
        Summary summary;
        try {
            summary =
                    new Exploration(world)
                            .jobs(jobs)
                            .maxDepth(depth)
                            .maxBytes(MAX_BYTES)
                            .budgetNanos(nanos)
                            .run();
        } catch (StackOverflowError e) {
            return new Explored("stopped", Map.of(Exceptions.summary(e), 0), "");
        }
        Map<String, Integer> broken = new LinkedHashMap<>();
        for (Violation violation : summary.violations()) {
            broken.put(violation.what(), violation.trace().steps().size());
        }
        String ending = summary.complete() ? "all" : summary.ending().text();
        return new Explored(
                summary.states() + " states to depth " + summary.depth() + ", " + ending,
                broken,
                broken.isEmpty() ? "" : world.tell(summary.violations().getFirst().trace()));
    }
}
