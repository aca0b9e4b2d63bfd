// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.activity.Result.Verdict;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Each claim fails when it does not hold.
final class ActivitiesTest {

    private static final Settings SETTINGS =
            new Settings(
                    SourceTree.of(Target.SPECIFICATION).project(),
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
    void namesAreTheirOwn() {
        Set<String> names = new HashSet<>();
        for (Activity activity : Activities.all()) {
            assertTrue(names.add(activity.name()), activity.name());
            assertTrue(activity.name().matches("[a-z-]+"), activity.name());
        }
        assertEquals("not asked for", new Conformance().missing(SETTINGS));
    }
}
