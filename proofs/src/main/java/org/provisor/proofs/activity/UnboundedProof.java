// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.smt.Proof;
import org.provisor.proofs.smt.Prover;
import org.provisor.proofs.smt.Solver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Every transition of the core keeps the core invariants, for any number of frames and domains.
final class UnboundedProof implements Activity {

    private static final long QUESTION_MILLIS = 10_000;

    /// The same where no clock is to decide: many times what any question takes that is answered.
    private static final long PATIENT_MILLIS = 60_000;

    @Override
    public String name() {
        return "proof";
    }

    @Override
    public String claim() {
        return "Every transition of the core of memory management keeps the core invariants, for"
                + " any number of frames and domains; wrong variants of it do not.";
    }

    @Override
    public String command(Settings settings) {
        return "prove";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        Prover prover = new Prover();
        List<Solver> solvers = Arrays.stream(Solver.values()).filter(Solver::available).toList();
        long patience = settings.steps().isPresent() ? PATIENT_MILLIS : QUESTION_MILLIS;
        List<Callable<Case>> tasks = new ArrayList<>();
        for (String name : prover.names()) {
            tasks.add(() -> {
                progress.accept(name);
                Proof proof = prover.prove(name, solvers, patience);
                boolean proved = proof.verdict() == Proof.Verdict.PROVED;
                return new Case(name, proved, proved ? "" : what(proof));
            });
        }
        List<Case> cases = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            for (Future<Case> each : threads.invokeAll(tasks)) {
                cases.add(Ended.of(each));
            }
        }
        String by = String.join(" and ", solvers.stream().map(Solver::text).toList());
        return Result.of(
                this,
                cases.size()
                        + " transitions, "
                        + prover.invariants()
                        + " invariants, asked of "
                        + by,
                Map.of("transitions", cases.size(), "invariants", prover.invariants()),
                cases);
    }

    private static String what(Proof proof) {
        return String.join(
                "; ",
                proof.opinions().stream()
                        .map(opinion -> opinion.solver().text() + ": " + opinion.what())
                        .toList());
    }
}
