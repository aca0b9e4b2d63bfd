// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.seeded.ErrorFile;
import org.provisor.proofs.seeded.RuleJudge;
import org.provisor.proofs.seeded.RuleVerdict;
import org.provisor.proofs.seeded.SeededError;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Errors are put into the rules, and the worked examples have to find them.
final class SeededRuleErrors implements Activity {

    @Override
    public String name() {
        return "seeded-rules";
    }

    @Override
    public String claim() {
        return "The worked examples find errors that are put into the rules.";
    }

    @Override
    public String command(Settings settings) {
        return "seeded --in spec --by examples";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) throws InterruptedException {
        List<SeededError> errors = ErrorFile.shipped(Target.SPECIFICATION);
        RuleJudge judge = new RuleJudge(SourceTree.of(Target.SPECIFICATION), true, false, 0, 1);
        AtomicInteger done = new AtomicInteger();
        List<Callable<RuleVerdict>> tasks = new ArrayList<>();
        for (SeededError error : errors) {
            tasks.add(() -> {
                RuleVerdict verdict = judge.judge(error);
                progress.accept(done.incrementAndGet() + " of " + errors.size() + " errors");
                return verdict;
            });
        }
        List<Case> cases = new ArrayList<>();
        int found = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            for (Future<RuleVerdict> each : threads.invokeAll(tasks)) {
                RuleVerdict verdict = Ended.of(each);
                found += verdict.found() ? 1 : 0;
                cases.add(
                        new Case(
                                verdict.error().name(),
                                verdict.found(),
                                verdict.found() ? "found by " + verdict.where() : "not found"));
            }
        }
        return Result.of(
                this,
                found + " of " + cases.size() + " errors put into the rules found by examples",
                Map.of("errors", cases.size(), "found", found),
                cases);
    }
}
