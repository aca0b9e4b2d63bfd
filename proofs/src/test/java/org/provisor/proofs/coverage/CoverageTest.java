// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.coverage.Clauses.Stated;

import java.util.List;
import java.util.Map;

final class CoverageTest {

    private static final List<Stated> CLAUSES =
            List.of(new Stated("a.one", List.of("a", "b", "c")), new Stated("a.two", List.of()));

    private static Coverage coverage(final Map<String, String> excused) {
        return new Coverage(CLAUSES, Map.of("a.one/a", 2L), Map.of("a.one/b", 3L), excused);
    }

    @Test
    void aRowNeverSeenIsMissing() {
        assertEquals(List.of("a.one/c"), coverage(Map.of()).missing());
        assertFalse(coverage(Map.of()).fine());
        assertTrue(coverage(Map.of()).text().contains("a.one/c, MISSING"));
    }

    @Test
    void anExcuseIsEnough() {
        final Coverage coverage = coverage(Map.of("a.one/c", "it cannot be"));
        assertTrue(coverage.fine());
        assertTrue(coverage.text().contains("a.one/c, excused: it cannot be"), coverage.text());
        assertEquals(List.of("a.two"), coverage.rowless().stream().map(Stated::id).toList());
    }

    @Test
    void aNeedlessExcuseIsNotFine() {
        final Map<String, String> excused = Map.of("a.one/c", "no", "a.one/a", "x", "a.one/z", "y");
        assertEquals(List.of("a.one/a", "a.one/z"), coverage(excused).needless());
        assertFalse(coverage(excused).fine());
    }

    @Test
    void aRowThatNoClauseDeclaresIsNotFine() {
        final Coverage coverage = new Coverage(CLAUSES, Map.of("a.one/x", 1L), Map.of(), Map.of());
        assertEquals(List.of("a.one/x"), coverage.undeclared());
        assertFalse(coverage.fine());
    }

    @Test
    void valuesAreSeparatedByCommas() {
        assertEquals(
                """
                clause,row,examples,exploration,excuse
                a.one,a,2,0,
                a.one,b,0,3,
                a.one,c,0,0,"not ""here"", never"
                """,
                coverage(Map.of("a.one/c", "not \"here\", never")).csv());
    }

    @Test
    void excusesAreRead() {
        assertEquals(
                Map.of("a.one/c", "too many calls", "a.b/a", "x"),
                Unreached.of("# why\n\na.one/c  too many calls\na.b/a x\n"));
        assertThrows(IllegalStateException.class, () -> Unreached.of("a.one/c"));
        assertThrows(IllegalStateException.class, () -> Unreached.of("a/a x\na/a y"));
    }

    @Test
    void theExamplesReachWhatTheyAreAbout() {
        final Coverage coverage = Coverage.of(Map.of());
        assertEquals(List.of(), coverage.undeclared());
        assertEquals(List.of(), coverage.needless());
    }
}
