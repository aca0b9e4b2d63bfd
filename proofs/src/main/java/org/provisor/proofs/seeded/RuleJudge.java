// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.seeded.RuleVerdict.By;
import org.provisor.proofs.seeded.Rules.Explored;
import org.provisor.proofs.seeded.Rules.Wrong;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Judges rules with an error in them: first by the worked examples, then by exploration.
///
/// What is wrong with the rules as they are too does not count: an example that does not come out
/// then either, or something that is broken in the same world after as many steps.
public final class RuleJudge {

    /// How long the examples, or one batch of states, may take before they are taken to go on for
    /// ever.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final String RULES = "org.provisor.proofs.seeded.loaded.LoadedRules";

    private final SeededCompiler compiler;
    private final boolean byExamples;
    private final boolean byExploration;
    private final long budgetNanos;
    private final int jobs;
    private final long patienceNanos;

    private final Rules asTheyAre = load(Map.of());
    private final Map<String, String> wrongAnyway;
    private final int examples;
    private final Map<Integer, Anyway> exploredAnyway = new TreeMap<>();

    /// @param byExamples whether the examples judge
    /// @param byExploration whether exploration judges what the examples do not find
    /// @param budgetNanos how long one error may be explored
    /// @param jobs on how many threads
    public RuleJudge(
            SourceTree sources,
            boolean byExamples,
            boolean byExploration,
            long budgetNanos,
            int jobs) {
        this(sources, byExamples, byExploration, budgetNanos, jobs, PATIENCE_NANOS);
    }

    /// The same, taking work that takes so much longer to go on for ever.
    RuleJudge(
            SourceTree sources,
            boolean byExamples,
            boolean byExploration,
            long budgetNanos,
            int jobs,
            long patienceNanos) {
        compiler = new SeededCompiler(sources);
        this.byExamples = byExamples;
        this.byExploration = byExploration;
        this.budgetNanos = budgetNanos;
        this.jobs = jobs;
        this.patienceNanos = patienceNanos;
        wrongAnyway = byExamples ? asTheyAre.wrongExamples() : Map.of();
        examples = byExamples ? asTheyAre.examples() - wrongAnyway.size() : 0;
    }

    /// How many examples judge.
    public int examples() {
        return examples;
    }

    /// The examples that do not come out with the rules as they are, and what is wrong with each.
    public Map<String, String> wrongAnyway() {
        return Collections.unmodifiableMap(wrongAnyway);
    }

    /// What small worlds break with the rules as they are, as far as was seen.
    public List<String> brokenAnyway() {
        List<String> lines = new ArrayList<>();
        exploredAnyway.forEach((world, anyway) ->
                anyway.explored
                        .broken()
                        .forEach((what, steps) ->
                                lines.add(
                                        "world "
                                                + (world + 1)
                                                + " after "
                                                + steps
                                                + " steps: "
                                                + what)));
        return lines;
    }

    /// The small worlds in words, one a line.
    public List<String> worlds() {
        List<String> lines = new ArrayList<>();
        for (int world = 0; byExploration && world < asTheyAre.worlds(); world++) {
            lines.add((world + 1) + ": " + asTheyAre.world(world));
        }
        return lines;
    }

    /// Sees that an error can be put into its rule.
    ///
    /// @throws SeededException if it cannot
    public void fits(SeededError error) {
        compiler.compiled(error);
    }

    /// Compiles the rules with an error in them, and judges them.
    ///
    /// @throws SeededException if the error cannot be put into its rule
    public RuleVerdict judge(SeededError error) {
        Map<String, byte[]> classes = compiler.compiled(error);
        long start = System.nanoTime();
        List<String> tried = new ArrayList<>();
        Found found = null;
        try {
            Rules rules = load(classes);
            if (byExamples) {
                found = examples(rules);
                tried.add(examples + " examples");
            }
            long left = budgetNanos;
            for (int w = 0; byExploration && found == null && w < rules.worlds(); w++) {
                long share = Math.max(left / (rules.worlds() - w), 0);
                long begun = System.nanoTime();
                Explored explored = explored(rules, w, share);
                left -= System.nanoTime() - begun;
                tried.add("world " + (w + 1) + ": " + explored.ending());
                found = found(w, explored);
            }
        } catch (TimeoutException e) {
            found = new Found(By.EXCEPTION, "it goes on for ever", "");
        }
        long nanos = System.nanoTime() - start;
        return found == null
                ? new RuleVerdict(error, By.NOTHING, String.join("; ", tried), "", nanos)
                : new RuleVerdict(error, found.by, found.where, found.wrong, nanos);
    }

    private record Found(By by, String where, String wrong) {}

    private @Nullable Found examples(Rules rules) throws TimeoutException {
        Optional<Wrong> wrong =
                Patience.within(patienceNanos, () -> rules.wrongExample(wrongAnyway));
        return wrong.map(RuleJudge::found).orElse(null);
    }

    private static Found found(Wrong wrong) {
        return wrong.wrong().startsWith("exception: ")
                ? new Found(By.EXCEPTION, wrong.wrong() + ", in " + wrong.example(), wrong.wrong())
                : new Found(By.EXAMPLE, wrong.example(), wrong.wrong());
    }

    private Explored explored(Rules rules, int world, long nanos) throws TimeoutException {
        return Patience.within(
                nanos + patienceNanos, () -> rules.explore(world, Integer.MAX_VALUE, nanos, jobs));
    }

    private @Nullable Found found(int world, Explored explored) {
        Map<String, Integer> broken = new LinkedHashMap<>(explored.broken());
        if (broken.isEmpty()) {
            return null;
        }
        int depth = broken.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        Map<String, Integer> anyway = anyway(world, depth).broken();
        broken.entrySet()
                .removeIf(each ->
                        anyway.getOrDefault(each.getKey(), Integer.MAX_VALUE) <= each.getValue());
        if (broken.isEmpty()) {
            return null;
        }
        String what = broken.keySet().iterator().next();
        return new Found(
                what.matches("I[0-9]+,.*") ? By.INVARIANT : By.EXCEPTION,
                what + place(world, broken.getOrDefault(what, 0)),
                explored.trace());
    }

    private static String place(int world, int steps) {
        String in = ", in world " + (world + 1);
        return steps == 0 ? in : in + " after " + steps + (steps == 1 ? " step" : " steps");
    }

    /// What the rules as they are break in a world, seen at least this far.
    private Explored anyway(int world, int depth) {
        Anyway seen = exploredAnyway.get(world);
        if (seen == null || (seen.depth < depth && seen.explored.broken().isEmpty())) {
            seen = new Anyway(depth, asTheyAre.explore(world, depth, Long.MAX_VALUE, jobs));
            exploredAnyway.put(world, seen);
        }
        return seen.explored;
    }

    private record Anyway(int depth, Explored explored) {}

    private static Rules load(Map<String, byte[]> classes) {
        return SeededLoader.load(Target.SPECIFICATION, classes, Rules.class, RULES);
    }
}
