// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vavr.collection.List;

import org.junit.jupiter.api.Test;

/// What counts as new.
final class CoverageTest {

    private static final String A = "mm.pin/a";
    private static final String B = "mm.pin/b";
    private static final String C = "mm.unpin/c";

    private final Coverage coverage = new Coverage();

    @Test
    void aRowIsNewOnce() {
        coverage.add(List.of(A), 0);
        assertEquals(2, coverage.takeFresh());
        coverage.add(List.of(A), 0);
        assertEquals(0, coverage.takeFresh());
        assertEquals(2, coverage.hits(A));
    }

    @Test
    void aRowAfterAnotherIsNew() {
        coverage.add(List.of(A), 0);
        coverage.add(List.of(B), 0);
        coverage.takeFresh();
        coverage.add(List.of(B, A), 0);
        assertEquals(1, coverage.takeFresh());
        coverage.add(List.of(A, B), 0);
        assertEquals(1, coverage.takeFresh());
        coverage.add(List.of(A, B), 0);
        assertEquals(0, coverage.takeFresh());
    }

    @Test
    void aRowWithSomethingAroundItIsNew() {
        coverage.add(List.of(C), 0);
        coverage.takeFresh();
        coverage.add(List.of(C), 3);
        assertEquals(1, coverage.takeFresh());
    }

    @Test
    void whatIsForgottenIsNewAgainButCounted() {
        coverage.add(List.of(C), 0);
        coverage.forget();
        coverage.add(List.of(C), 0);
        assertEquals(2, coverage.takeFresh());
        long[] totals = RowCounts.none();
        coverage.drainTo(totals);
        coverage.add(List.of(C), 0);
        coverage.drainTo(totals);
        assertEquals(3L, RowCounts.of(totals).counts().get(C));
        assertEquals(1, RowCounts.of(totals).reached());
    }

    @Test
    void stringsThatAreEqualAreOneRow() {
        coverage.add(List.of(A), 0);
        coverage.takeFresh();
        coverage.add(List.of(new String(A.toCharArray())), 0);
        assertEquals(0, coverage.takeFresh());
    }

    @Test
    void aRowThatNoClauseDeclaresIsAnError() {
        assertThrows(IllegalStateException.class, () -> coverage.add(List.of("mm.pin/zz"), 0));
    }
}
