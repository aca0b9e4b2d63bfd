// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.provisor.model.Models;
import org.provisor.model.Runner;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A model in which one thing is wrong is found out by both ways of the bridge.
final class BrokenModelsTest {

    private static final int FRAMES = 2;
    private static final int REPLAYED = 240;
    private static final int ASKED = 400;

    @BeforeAll
    static void quietly() {
        Runner.quiet();
    }

    /// @param right what stands in the model's file, once
    /// @param wrong what is put in its place
    private record Broken(Concern concern, String right, String wrong) {

        Relational model() {
            String text = Models.text(concern.model());
            assertEquals(2, text.split(Pattern.quote(right), -1).length, right);
            return new Relational(text.replace(right, wrong), FRAMES);
        }
    }

    private static Stream<Broken> broken() {
        return Stream.of(
                new Broken(Concern.PAGE_TYPES, "{ no frames & tables[s] }", "{ some univ }"),
                new Broken(
                        Concern.REFERENCES,
                        "{ mayActOn[c.by, c.of] and c.pre.owner[f] = c.of }",
                        "{ c.pre.owner[f] = c.of }"),
                new Broken(Concern.LINEAR_TABLES, "  no write\n", ""),
                new Broken(
                        Concern.PINNING,
                        "c.post.pinned = c.pre.pinned and c.post.allocated = c.pre.allocated -"
                                + " c.table",
                        "c.post.pinned = c.pre.pinned - c.table"
                                + " and c.post.allocated = c.pre.allocated - c.table"),
                new Broken(
                        Concern.PARTIAL_VALIDATION,
                        "(goesOn[c, f, l] or waits[c, f, l]) implies Again",
                        "(goesOn[c, f, l] or waits[c, f, l]) implies Done"),
                new Broken(
                        Concern.TEARDOWN,
                        "t.allocated = s.allocated - f",
                        "t.allocated = s.allocated"),
                new Broken(
                        Concern.EXCHANGE,
                        "{ s.owner.d & s.allocated - s.pinned }",
                        "{ s.owner.d & s.allocated }"),
                new Broken(
                        Concern.CLAIMS,
                        "c.pre.claim[c.of] > 0 implies minus[c.pre.claim[c.of], 1] else 0]",
                        "c.pre.claim[c.of]]"));
    }

    @TestFactory
    Stream<DynamicTest> bothWaysFindIt() {
        return broken().map(each ->
                DynamicTest.dynamicTest(each.concern().model(), () -> bothWaysFind(each)));
    }

    private static void bothWaysFind(Broken broken) {
        Relational model = broken.model();
        String replayed = said(Replay.run(broken.concern(), model, REPLAYED, 1, _ -> {}));
        assertTrue(replayed.contains("\n  the other side:\n"), replayed);
        String asked = said(SmallWorld.run(broken.concern(), model, ASKED, _ -> {}));
        assertTrue(asked.startsWith(broken.concern().model() + ": no transition"), asked);
    }

    private static String said(Bridged bridged) {
        assertEquals(1, bridged.mismatches().size(), bridged.toString());
        String said = bridged.mismatches().getFirst().toString();
        assertTrue(said.startsWith(bridged.model() + ": "), said);
        assertTrue(said.contains("\n  before:\n") && said.contains("\n  after:\n"), said);
        return said;
    }
}
