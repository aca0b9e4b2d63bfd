// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.provisor.spec.example.Changes;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Outcome;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Every worked example comes out as it says, by the row it says, and leaves the invariants whole.
class ExamplesTest {

    @TestFactory
    Stream<DynamicTest> examples() {
        return Examples.all()
                .toJavaStream()
                .map(example ->
                        DynamicTest.dynamicTest(
                                example.row() + ": " + example.title(), () -> check(example)));
    }

    private static void check(Example example) {
        Outcome outcome = example.outcome();
        assertAll(
                () ->
                        assertTrue(
                                example.decidedBy(outcome.rows()),
                                () -> "decided by " + outcome.rows().mkString(", ")),
                () -> assertEquals(example.answers(), Example.say(outcome.answer())),
                () ->
                        assertEquals(
                                example.changes().mkString("\n"),
                                Changes.between(example.given().machine(), outcome.machine())
                                        .mkString("\n")),
                () ->
                        assertEquals(
                                example.owed().mkString("\n"), Example.say(outcome).mkString("\n")),
                () -> assertEquals(breaks(example), broken(outcome), "afterwards"));
    }

    private static String breaks(Example example) {
        int end = example.breaks().indexOf(':');
        return end < 0 ? "" : example.breaks().substring(0, end);
    }

    private static String broken(Outcome outcome) {
        return Invariant.violated(outcome.machine())
                .map(violation -> violation.invariant().number())
                .getOrElse("");
    }

    @Test
    void titlesAreUnique() {
        Set<String> seen = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Example example : Examples.all()) {
            if (!seen.add(example.row() + example.title())) {
                twice.add(example.title());
            }
        }
        assertEquals(List.of(), twice);
    }

    /// Every clause that decides by rows has an example of one of them. The processor's own are not
    /// transitions of the machine yet; PageWalkTest goes through their rows.
    @Test
    void everyClauseHasAnExample() {
        Set<String> shown = new HashSet<>();
        for (Example example : Examples.all()) {
            shown.add(example.row().substring(0, example.row().indexOf('/')));
        }
        List<String> missing = new ArrayList<>();
        for (Clauses.Stated stated : Clauses.all()) {
            boolean processors = stated.id().startsWith("x86.");
            if (stated.clause().rows().length > 0 && !processors && !shown.contains(stated.id())) {
                missing.add(stated.id());
            }
        }
        assertEquals(List.of(), missing);
    }
}
