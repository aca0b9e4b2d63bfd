// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.proofs.coverage.Clauses;
import org.provisor.proofs.recall.Advisories;
import org.provisor.proofs.recall.Advisory;
import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.proofs.smt.Prover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Requirements are what the specification's source says, and are traced.
final class RequirementsTest {

    private static final Path PROJECT = SourceTree.of(Target.SPECIFICATION).project();
    private static final Traceability TRACED = Traceability.of(PROJECT);

    @Test
    void everyClauseOfTheCompiledSpecificationIsARequirementWithItsRows() {
        List<Clauses.Stated> read =
                TRACED.clauses().stream()
                        .map(clause ->
                                new Clauses.Stated(
                                        clause.id(),
                                        clause.rows().stream().map(ClauseText.Row::name).toList()))
                        .toList();
        assertEquals(Clauses.all(), read);
        List<String> required =
                TRACED.requirements().stream()
                        .filter(each -> each.level() == Level.SOFTWARE)
                        .map(Requirement::name)
                        .toList();
        assertEquals(read.stream().map(Clauses.Stated::id).toList(), required);
    }

    @Test
    void everyRequirementSaysShall() {
        for (Requirement each : TRACED.requirements()) {
            assertTrue(
                    each.level() != Level.SOFTWARE || each.text().contains(" shall "), each.text());
            assertFalse(each.text().contains("null"), each.text());
            assertTrue(
                    each.level() == Level.MARKET || !each.parents().isEmpty(),
                    each.id() + " serves nothing");
        }
    }

    @Test
    void rowsAreCriteria() {
        Requirement pin = named("mm.pin");
        assertEquals(List.of("PN-1", "PN-3"), pin.parents());
        assertTrue(
                pin.text()
                        .startsWith(
                                "The hypervisor shall pin a frame of `owner` as a page table."
                                        + " The first row that fits shall decide.\n\n* Row a: "),
                pin.text());
        assertTrue(
                pin.text().contains("* Row b: where the frame is not `owner`'s, the outcome"),
                pin.text());
    }

    private static Requirement named(String name) {
        return TRACED.requirements().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Pins a frame.|The hypervisor shall pin a frame.",
                "Flushes all, and corrects it.|The hypervisor shall flush all, and correct it.",
                "Does it.|The hypervisor shall do it.",
                "Carries on.|The hypervisor shall carry on.",
                "Passes by.|The hypervisor shall pass by.",
                "Whether it is.|The hypervisor shall tell whether it is.",
                "`X_y`: sets it.|For `X_y` the hypervisor shall set it."
            })
    void factsBecomeRequirements(String fact, String requirement) {
        assertEquals(requirement, Shall.of(fact));
    }

    @Test
    void aSummaryThatSaysNothingDoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Shall.of("The call."));
    }

    @Test
    void nothingIsUncoveredAndNothingLeadsNowhere() {
        assertEquals(List.of(), TRACED.uncovered());
        assertEquals(List.of(), TRACED.orphans());
        assertEquals(10, TRACED.excepted().size(), TRACED.excepted().toString());
    }

    @Test
    void obligationsOfTheProofAndAdvisoriesLeadToClauses() {
        Set<String> proofs = named(Kind.PROOF);
        assertEquals(new Prover().clauses().keySet(), proofs);
        Set<String> expressible =
                Advisories.shipped().stream()
                        .filter(each -> each.standing() == Standing.EXPRESSIBLE)
                        .map(Advisory::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expressible, named(Kind.ADVISORY));
        assertTrue(
                TRACED.links().stream()
                        .anyMatch(link ->
                                link.kind() == Kind.ADVISORY
                                        && link.name().equals("XSA-58")
                                        && link.clause().equals("mm.pin")));
    }

    private static Set<String> named(Kind kind) {
        return TRACED.links().stream()
                .filter(link -> link.kind() == kind)
                .map(Link::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatIsMissingIsSeen() {
        for (Kind kind : List.of(Kind.IMPLEMENTATION, Kind.PROPERTY)) {
            List<Link> links =
                    TRACED.links().stream()
                            .filter(link ->
                                    link.kind() != kind || !link.clause().equals("mm.unpin"))
                            .toList();
            Traceability less = new Traceability(TRACED.requirements(), TRACED.clauses(), links);
            assertEquals(1, less.uncovered().size(), less.uncovered().toString());
            assertTrue(less.uncovered().getFirst().startsWith("swdgn~mm.unpin~1 has no "));
        }
    }

    @Test
    void aRuleThatNothingStatesIsSeen() {
        List<Requirement> less = new ArrayList<>(TRACED.requirements());
        less.removeIf(each -> each.parents().contains("LIN-1"));
        Traceability traced = new Traceability(less, TRACED.clauses(), TRACED.links());
        assertTrue(traced.uncovered().contains("prod~LIN-1~1"), traced.uncovered().toString());
    }

    @Test
    void aLinkToNothingIsSeen() {
        List<Link> more = new ArrayList<>(TRACED.links());
        more.add(new Link("mm.nothing", Kind.PROPERTY, "NothingTest.nothing", ""));
        Traceability traced = new Traceability(TRACED.requirements(), TRACED.clauses(), more);
        assertEquals(List.of("property NothingTest.nothing for mm.nothing"), traced.orphans());
    }

    @Test
    void eachKindOfLinkIsFound() {
        for (Kind kind : Kind.values()) {
            assertTrue(
                    TRACED.byClause().getOrDefault("mm.pin", Map.of()).containsKey(kind),
                    kind.word());
        }
    }

    @Test
    void commentsAreTakenApart() {
        CommentText comment =
                CommentText.of(
                        """
                         Does this. And
                         that.

                         | row | x | outcome |
                         |-----|---|---------|
                         | a   | y | `Z`     |

                         More.

                         @xen a.c, f,
                           g
                         @param at no source
                         @sdm 3A, "B"
                        """);
        assertEquals("Does this.", comment.summary());
        assertEquals(List.of("And that.", "More."), comment.more());
        assertEquals(
                List.of(List.of("row", "x", "outcome"), List.of("a", "y", "`Z`")), comment.table());
        assertEquals(List.of("@xen a.c, f, g", "@sdm 3A, \"B\""), comment.sources());
    }
}
