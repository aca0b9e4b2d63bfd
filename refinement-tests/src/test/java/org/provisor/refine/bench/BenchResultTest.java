// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.bench.BenchResult.Figures;
import org.provisor.refine.bench.BenchResult.Row;
import org.provisor.refine.run.Check;

import java.util.List;

/// Medians, quartiles, ratios and their mean.
final class BenchResultTest {

    private static final double EXACT = 1e-12;

    private static Figures figures(Double... nanos) {
        return new Figures(List.of(nanos), List.of(nanos), null);
    }

    private static Row row(String name, Figures ours, Figures peer) {
        return new Row(BenchKernel.beginning(name).get(0), ours, peer, figures());
    }

    @Test
    void quantilesLieBetweenValues() {
        Figures figures = figures(40.0, 10.0, 30.0, 20.0);
        assertEquals(25, figures.median(), EXACT);
        assertEquals(17.5, figures.lowerQuartile(), EXACT);
        assertEquals(32.5, figures.upperQuartile(), EXACT);
        assertEquals(7, figures(7.0).upperQuartile(), EXACT);
        assertTrue(Double.isNaN(figures().median()));
    }

    @Test
    void clocksAreCompared() {
        Figures figures = new Figures(List.of(10.0, 20.0, 30.0), List.of(22.0), null);
        assertEquals(0.1, figures.clocksApart(), EXACT);
    }

    @Test
    void theMeanIsOfInstructionsThatBothRan() {
        BenchResult result =
                new BenchResult(
                        List.of(
                                row("integer", figures(1.0), figures(8.0)),
                                row("sort", figures(4.0), figures(2.0)),
                                row("sse-double", figures(), figures(2.0)),
                                row("no-call", figures(1.0), figures(1000.0))),
                        true,
                        Check.OFF,
                        1,
                        1);
        assertEquals(2, result.mean(), EXACT);
        assertEquals("2 of 3", result.meanOf());
        assertEquals(0.5, result.row("sort").ratio(), EXACT);
        assertEquals(true, result.row("sort").reached());
        assertNull(result.row("sse-double").reached());
        assertEquals(true, result.row("no-call").reached());
        assertEquals(false, row("no-call", figures(1.0), figures(2.9)).reached());
        assertNull(row("pin-unpin", figures(1.0), figures(2.9)).reached());
    }
}
