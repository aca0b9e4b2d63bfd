// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.provisor.proofs.mutation.MutatedRules.Prepared;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SeededLoader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Judges mutants of the rules, or of the implementation: by the worked examples, the kept traces,
/// and a campaign that compares the rules with the implementation. The other of the two is as it
/// is.
///
/// The campaign's programs are made up once, with both as they are. A mutant is judged by those
/// that execute its place: before they come to it everything is the same, so a campaign on the
/// mutant would make up the same ones.
public final class MutationJudge {

    static final String LOADED = "org.provisor.proofs.mutation.loaded.LoadedMutants";

    /// So few are judged by one thread: what they are judged by takes longer to get ready.
    private static final int FEW = 400;

    private final MutatedCode code;
    private final Weaver.Woven woven;
    private final Map<String, String> traces;
    private final long seed;
    private final long steps;
    private final Map<String, String> equivalents;

    /// @param traces programs that were kept, by name
    /// @param seed what the campaign makes its programs up from
    /// @param steps how many steps it has; none if 0
    public MutationJudge(MutatedCode code, Map<String, String> traces, long seed, long steps) {
        this(code, traces, seed, steps, code.equivalents());
    }

    /// The same with other mutants that are no errors, reasons by identifier.
    MutationJudge(
            MutatedCode code,
            Map<String, String> traces,
            long seed,
            long steps,
            Map<String, String> equivalents) {
        this.code = code;
        woven = Weaver.woven(code);
        this.traces = new TreeMap<>(traces);
        this.seed = seed;
        this.steps = steps;
        this.equivalents = equivalents;
    }

    /// All mutants, in the order of classes and places.
    public List<RuleMutant> mutants() {
        return woven.mutants();
    }

    /// What is listed as no error, but is not there.
    public List<String> unknownEquivalents() {
        List<String> unknown = new ArrayList<>(equivalents.keySet());
        woven.mutants().forEach(mutant -> unknown.remove(mutant.id()));
        return unknown;
    }

    /// What came of judging.
    ///
    /// @param prepared what there was to judge by
    /// @param verdicts in the order of the mutants
    public record Judged(Prepared prepared, List<MutantVerdict> verdicts) {}

    /// Judges mutants.
    ///
    /// @param chosen which
    /// @param progress is told how many are judged, by any thread
    /// @throws SeededException if something is wrong with the rules as they are
    public Judged judge(List<RuleMutant> chosen, int jobs, IntConsumer progress)
            throws InterruptedException {
        int threads = chosen.size() <= FEW ? 1 : jobs;
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        MutantVerdict[] verdicts = new MutantVerdict[chosen.size()];
        List<Callable<Prepared>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(() -> {
                MutatedRules rules = load();
                Prepared prepared = rules.prepare(traces, seed, steps);
                if (prepared.wrong().isEmpty()) {
                    for (int at = next.getAndIncrement();
                            at < verdicts.length;
                            at = next.getAndIncrement()) {
                        verdicts[at] = judged(rules, chosen.get(at));
                        progress.accept(done.incrementAndGet());
                    }
                }
                return prepared;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Prepared> prepared = new ArrayList<>();
            for (Future<Prepared> each : pool.invokeAll(tasks)) {
                prepared.add(each.get());
            }
            Prepared first = prepared.getFirst();
            if (!first.wrong().isEmpty()) {
                throw new SeededException(
                        "what is mutated does not pass as it is: " + first.wrong().getFirst());
            }
            return new Judged(first, List.of(verdicts));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private MutantVerdict judged(MutatedRules rules, RuleMutant mutant) {
        return MutantVerdict.of(
                mutant,
                rules.judge(mutant.place(), mutant.number()),
                rules.executed(mutant.place()),
                equivalents.getOrDefault(mutant.id(), ""));
    }

    private MutatedRules load() {
        return SeededLoader.load(code.target(), woven.classes(), MutatedRules.class, LOADED);
    }
}
