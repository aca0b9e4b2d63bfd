// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.activity.Result.Verdict;
import org.provisor.proofs.mcdc.McdcCheck;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.refine.concurrent.ConcurrentResult;
import org.provisor.refine.concurrent.ConcurrentRounds;
import org.provisor.refine.concurrent.Unexplained;
import org.provisor.refine.program.NamedProfile;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Each claim fails when it does not hold.
final class ActivitiesTest {

    private static final Settings SETTINGS =
            new Settings(
                    SourceTree.of(Target.SPECIFICATION).project(),
                    NamedProfile.XEN_4_17,
                    7,
                    Optional.of(8_000L),
                    1,
                    2,
                    Optional.empty(),
                    "not asked for");

    private static Result run(Activity activity) throws InterruptedException {
        return activity.run(SETTINGS, _ -> {});
    }

    @Test
    void aDifferenceFailsRefinement() throws InterruptedException {
        Result result = run(new Refinement(Lying::new));
        assertEquals(Verdict.FAILED, result.verdict());
        assertTrue(result.failures().getFirst().what().contains("on purpose"), result.summary());
    }

    @Test
    void stepsDecideWhatRefinementDoes() throws InterruptedException {
        assertEquals(run(new Refinement()), run(new Refinement()));
    }

    @Test
    void aDifferenceFailsTheKeptTraces() throws InterruptedException {
        Result result = run(new KeptTraces(Lying::new));
        assertEquals(Verdict.FAILED, result.verdict());
        assertFalse(result.failures().isEmpty());
    }

    @Test
    void aWrongAnswerFailsTheExamples() throws InterruptedException {
        Example right = Examples.all().head();
        Result result =
                run(new WorkedExamples(List.of(right, right.answers("returns something else"))));
        assertEquals(Verdict.FAILED, result.verdict());
        assertEquals(1, result.failures().size());
    }

    @Test
    void aKernelPowersOffOrFails() throws InterruptedException {
        assertEquals(Verdict.PASSED, run(new GuestKernels()).verdict());
        Result stopped = run(new GuestKernels(1_000));
        assertEquals(Verdict.FAILED, stopped.verdict());
        assertEquals("it powers off", stopped.failures().getFirst().name());
    }

    @Test
    void whatNoOrderExplainsFailsTwoVcpus() throws InterruptedException {
        Unexplained found = new Unexplained(1, 2, 2, "frames", "no order explains this");
        ConcurrentRounds rounds = (_, _, _) -> new ConcurrentResult(1, 1, 2, 1, Map.of(), found);
        Result result = run(new TwoVcpus(() -> rounds));
        assertEquals(Verdict.FAILED, result.verdict());
        assertTrue(result.failures().getFirst().what().contains("no order"), result.summary());
    }

    @Test
    void twoVcpusDoTheSameAgain() throws InterruptedException {
        Result once = run(new TwoVcpus());
        assertEquals(Verdict.PASSED, once.verdict());
        assertEquals(once, run(new TwoVcpus()));
    }

    /// Where steps are counted, what is not found in time is not found: on any machine.
    @Test
    void stepsDecideWhatRecallFinds() throws InterruptedException {
        Result once = run(new AdvisoryRecall(100));
        assertEquals(Verdict.FAILED, once.verdict());
        assertEquals(once, run(new AdvisoryRecall(100)));
    }

    @Test
    void tooFewMutantsKilledIsAFailure() throws InterruptedException {
        Result result = run(new RuleMutants(12, 0, 2));
        assertEquals(Verdict.FAILED, result.verdict());
        assertEquals(result, run(new RuleMutants(12, 0, 2)));
    }

    @Test
    void tooFewConditionsShownIsAFailure() throws InterruptedException {
        // Nothing but the examples, the traces and a kernel.
        Result result = run(new DecisionCoverage(0, () -> new McdcCheck(Map.of())));
        assertEquals(Verdict.FAILED, result.verdict());
        assertTrue(String.valueOf(result.figures().get("gaps")).contains("impl/"));
    }

    @Test
    void namesAreTheirOwn() {
        Set<String> names = new HashSet<>();
        for (Activity activity : Activities.all()) {
            assertTrue(names.add(activity.name()), activity.name());
            assertTrue(activity.name().matches("[a-z-]+"), activity.name());
        }
        assertEquals("not asked for", new Conformance().missing(SETTINGS));
    }
}
