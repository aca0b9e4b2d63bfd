// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.provisor.model.bridge.Bridge;
import org.provisor.model.bridge.Bridged;
import org.provisor.model.bridge.Concern;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What every build runs: the quick commands, and a part of the bridge.
final class SuiteTest {

    @BeforeAll
    static void quietly() {
        Runner.quiet();
    }

    @TestFactory
    Stream<DynamicTest> commandsComeOutAsExpected() {
        return Manifest.shipped().entries().stream()
                .filter(entry -> entry.tier() == Manifest.Tier.BUILD)
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.name(), () -> assertEquals("", Runner.run(entry).finding())));
    }

    @TestFactory
    Stream<DynamicTest> modelsAndTheSpecificationSayTheSame() {
        return Stream.of(Concern.values())
                .map(concern -> DynamicTest.dynamicTest(concern.model(), () -> bridged(concern)));
    }

    private static void bridged(Concern concern) {
        for (Bridge.Part part : Bridge.build(concern)) {
            Bridged bridged = part.run(_ -> {});
            assertEquals(List.of(), bridged.mismatches(), () -> bridged.mismatches().toString());
            assertTrue(bridged.checked() >= 100, () -> "checked " + bridged.checked());
            assertTrue(
                    bridged.refused() > 0 && bridged.refused() < bridged.checked(),
                    () -> "refused " + bridged.refused());
        }
    }

    @Test
    void aCommandThatComesOutOtherwiseIsAFinding() {
        Manifest.Entry right = Manifest.shipped().entries().getFirst();
        Manifest.Entry wrong =
                new Manifest.Entry(
                        right.model(),
                        right.command(),
                        right.scope(),
                        !right.satisfiable(),
                        List.of("sat4j"),
                        0,
                        right.tier());
        Ran ran = Runner.run(wrong);
        assertTrue(ran.agreed());
        assertEquals("no instance, expected one", ran.finding());
        assertEquals(1, ran.json().get("expect"));
    }

    @Test
    void solversThatDisagreeAreAFinding() {
        Manifest.Entry entry = Manifest.shipped().entries().getFirst();
        Ran ran =
                new Ran(
                        entry,
                        List.of(
                                new Ran.Answer("sat4j", false, 0, 1, 1),
                                new Ran.Answer("minisat", true, 0, 1, 1)));
        assertEquals("the solvers disagree", ran.finding());
    }

    @Test
    void electrodIsNotASolver() {
        Manifest.Entry entry = Manifest.shipped().entries().getFirst();
        Manifest.Entry wrong =
                new Manifest.Entry(
                        entry.model(),
                        entry.command(),
                        entry.scope(),
                        entry.satisfiable(),
                        List.of("electrod.elo"),
                        0,
                        entry.tier());
        assertThrows(IllegalArgumentException.class, () -> Runner.run(wrong));
    }

    @Test
    void jsonIsReadAsItIsWritten() {
        Map<String, Object> value = Map.of("a", List.of(1.5, true, "b \"c\" \\", Map.of()));
        assertEquals(value, Json.read(Json.write(value)));
        assertThrows(IllegalArgumentException.class, () -> Json.read("{\"a\": }"));
        assertThrows(IllegalArgumentException.class, () -> Json.read("[1] 2"));
    }
}
