// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.seeded.SeededException;

import java.util.List;

final class AdvisoriesTest {

    /// What can be had is put in, and nothing else; in the same order.
    @Test
    void everyExpressibleAdvisoryHasItsMutant() {
        List<String> expressible =
                Advisories.shipped().stream()
                        .filter(advisory -> advisory.standing() == Standing.EXPRESSIBLE)
                        .map(Advisory::id)
                        .toList();
        assertFalse(expressible.isEmpty());
        assertEquals(
                expressible,
                MutantFile.shipped(Implementation.built()).stream()
                        .map(DeclaredMutant::name)
                        .toList());
    }

    @Test
    void everyOtherAdvisoryHasAReason() {
        for (Standing standing : Standing.values()) {
            assertTrue(
                    Advisories.shipped().stream().anyMatch(each -> each.standing() == standing),
                    standing.toString());
        }
        Advisories.shipped()
                .forEach(each ->
                        assertEquals(
                                each.standing() == Standing.EXPRESSIBLE,
                                each.why().isEmpty(),
                                each.id()));
    }

    @Test
    void aNameMeansAllErrorsOfAnAdvisory() {
        Advisory advisory = new Advisory("XSA-31.2", "", "", Standing.EXPRESSIBLE, "");
        for (String name : List.of("XSA-31", "xsa-031", "XSA-31.2")) {
            assertTrue(advisory.isOf(name), name);
        }
        for (String name : List.of("XSA-3", "XSA-31.1", "XSA-310", "31", "XSA-", "")) {
            assertFalse(advisory.isOf(name), name);
        }
        assertTrue(new Advisory("XSA-310b.1", "", "", Standing.NOT_YET, "").isOf("XSA-310b"));
    }

    @Test
    void badRowsSayWhereTheyAre() {
        assertWrong("t: line 2: there must be 5 columns, not 3", "# a\nXSA-1 | a | b");
        assertWrong("t: line 1: no row can stand as 'maybe'", "XSA-1 | a | b | maybe | c");
        assertWrong(
                "t: line 1: the reason is missing why it is not-yet", "XSA-1 | a | b | not-yet |");
        assertWrong(
                "t: line 1: what is expressible needs no reason",
                "XSA-1 | a | b | expressible | c");
        assertWrong(
                "t: line 2: a second row is called XSA-1",
                "XSA-1 | a | b | expressible |\nXSA-1 | a | b | expressible |");
    }

    private static void assertWrong(String message, String text) {
        assertEquals(
                message,
                assertThrows(SeededException.class, () -> Advisories.of("t", text)).getMessage());
    }
}
