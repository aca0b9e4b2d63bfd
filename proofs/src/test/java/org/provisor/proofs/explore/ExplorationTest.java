// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

@Timeout(60)
final class ExplorationTest {

    @Test
    void theEightPuzzleHasItsKnownSize() {
        final Summary summary = Runs.of(new EightPuzzle()).run();

        assertTrue(summary.holds());
        assertEquals(181_440, summary.states());
        assertEquals(0, summary.unexpanded());
        assertEquals(31, summary.depth());
        assertEquals(2, summary.statesPerLevel().get(31));
        assertEquals(483_840, summary.transitions());
        assertEquals(2, summary.minOutDegree());
        assertEquals(4, summary.maxOutDegree());
        assertEquals(24 / 9.0, summary.meanOutDegree(), 1e-12);
        assertEquals(0, summary.collisionProbability());
        assertTrue(summary.text().contains("181,440"));
    }

    @Test
    void aHypercubeHasBinomialLevels() {
        final Summary summary = Runs.of(new Hypercube(14, 24)).run();

        assertEquals(Ending.COMPLETE, summary.ending());
        assertEquals(1 << 14, summary.states());
        assertEquals(14 << 14, summary.transitions());
        assertEquals(3432L, summary.statesPerLevel().get(7));
        assertEquals(Map.of("up", 7L << 14, "down", 7L << 14), summary.transitionsByKind());
        assertEquals(0x1p28 * 0x1p-65, summary.collisionProbability());
    }

    @Test
    void petersonsLockExcludes() {
        final Summary summary = Runs.of(new Peterson(false)).run();

        assertTrue(summary.holds());
        assertEquals(2, summary.statesPerLevel().getFirst());
        assertEquals(0, summary.deadlocks());
        agrees(new Peterson(false), summary);
    }

    @Test
    void theBrokenLockIsCaughtByAShortestTrace() {
        final Summary summary = Runs.of(new Peterson(true)).run();

        assertEquals(Ending.VIOLATION, summary.ending());
        assertFalse(summary.holds());
        assertEquals(1, summary.violations().size());
        final Violation violation = summary.violations().getFirst();
        assertEquals(Peterson.EXCLUSION, violation.what());
        final List<Trace.Step> steps = violation.trace().steps();
        assertEquals(6, steps.size());
        final Trace.Reached last = assertInstanceOf(Trace.Reached.class, steps.getLast());
        assertTrue(last.state().startsWith("3 3"));
        replays(new Peterson(true), violation.trace());
        assertTrue(summary.text().contains("process 0 leaves 0"));
    }

    @Test
    void randomGraphsAgreeWithANaiveSearch() {
        for (int seed = 0; seed < 60; seed++) {
            final int size = 5 + seed * 40;
            final Graph graph = Graph.random(seed, size, seed % 3 * 7, 20);
            final Summary summary = Runs.of(graph).jobs(1 + seed % 3).keepGoing().run();
            assertEquals(Ending.COMPLETE, summary.ending());
            agrees(graph, summary);
        }
    }

    @Test
    void theResultDoesNotDependOnTheThreads() {
        for (final World world :
                List.of(new Hypercube(12, 3), new Peterson(true), Graph.random(7, 3000, 50, 300))) {
            final Summary one = Runs.stable(Runs.of(world).jobs(1).run());
            for (final int jobs : new int[] {2, 3, 5}) {
                assertEquals(one, Runs.stable(Runs.of(world).jobs(jobs).run()));
                // With every batch cut short after one unit.
                assertEquals(
                        one,
                        Runs.stable(Runs.of(world).jobs(jobs).clock(Runs.ticking(1L << 30)).run()));
            }
        }
    }

    @Test
    void theLogIsThatOfAQueue() {
        final Graph graph = Graph.random(11, 5000, 0, 1_000_000);
        final NaiveSearch naive = new NaiveSearch(graph);
        for (int limit = 1; limit <= naive.states(); limit += 97) {
            int expanded = 0;
            while (expanded < naive.states() && naive.knownAfter.get(expanded) <= limit) {
                expanded++;
            }
            final Summary one = Runs.of(graph).jobs(1).maxStates(limit).run();
            assertEquals(expanded, one.expanded());
            assertEquals(expanded == 0 ? 1 : naive.knownAfter.get(expanded - 1), one.states());
            assertEquals(Runs.stable(one), Runs.stable(Runs.of(graph).maxStates(limit).run()));
        }
    }

    @Test
    void everyNewStateIsCheckedOnce() {
        final Map<Long, Integer> checks = new ConcurrentHashMap<>();
        final World world =
                new Wrapped(new EightPuzzle()) {
                    @Override
                    @Nullable String check(final long[] state, final int at) {
                        checks.merge(state[at], 1, Integer::sum);
                        return null;
                    }
                };
        final Summary summary = Runs.of(world).maxStates(100_000).run();
        assertEquals(summary.states(), checks.size());
        assertTrue(checks.values().stream().allMatch(count -> count == 1));
    }

    @Test
    void aStateWithTheFingerprintZeroIsFoundOnce() {
        final long[] codes = {1, FingerprintTest.ZERO_PRINT, 3, 4};
        final int[][] edges = {{1, 1, 2}, {1, 3}, {1}, {}};
        for (final int first : new int[] {0, 1}) {
            final long[] renamed = codes.clone();
            renamed[first] = FingerprintTest.ZERO_PRINT;
            renamed[1 - first] = 1;
            final Graph graph = new Graph("zero " + first, renamed, edges, 0);
            final Summary summary = Runs.of(graph).run();
            assertEquals(List.of(1L, 2L, 1L), summary.statesPerLevel());
            assertEquals(6, summary.transitions());
            assertEquals(1, summary.selfLoops());
            assertEquals(1, summary.deadlocks());
        }
    }

    @Test
    void ofSeveralViolationsTheSmallestFingerprintIsShown() {
        final int[][] edges = new int[200][0];
        edges[0] = new int[199];
        final long[] codes = new long[200];
        for (int i = 0; i < 200; i++) {
            codes[i] = i;
            edges[0][Math.min(i, 198)] = Math.min(i, 198) + 1;
        }
        final Graph graph = new Graph("star", codes, edges, 3);
        final Violation violation = Runs.of(graph).run().violations().getFirst();

        assertEquals(66, violation.count());
        final long expected =
                LongStream.range(1, 200)
                        .filter(node -> node % 3 == 0)
                        .boxed()
                        .min((a, b) -> Long.compareUnsigned(print(a), print(b)))
                        .orElseThrow();
        final Trace.Reached last =
                assertInstanceOf(Trace.Reached.class, violation.trace().steps().getLast());
        assertEquals(List.of(expected), last.encoded());
    }

    @Test
    void anActionThatBreaksARuleEndsTheTrace() {
        final int[][] edges = {{1}, {2, -1, -1}, {3}, {}};
        final Graph graph = new Graph("broken edge", new long[] {9, 8, 7, 6}, edges, 0);
        final Summary summary = Runs.of(graph).run();

        assertEquals(Ending.VIOLATION, summary.ending());
        assertEquals(List.of(1L, 1L, 1L), summary.statesPerLevel());
        final Violation violation = summary.violations().getFirst();
        assertEquals(2, violation.count());
        assertEquals(
                List.of(
                        new Trace.Reached(0, "edge 0 of 0", List.of(8L), "node 1"),
                        new Trace.Broken(1, "edge 1 of 1", Graph.BAD_EDGE)),
                violation.trace().steps());
        assertTrue(violation.trace().text().contains("breaks " + Graph.BAD_EDGE));
        agrees(graph, Runs.of(graph).keepGoing().run());
    }

    @Test
    void anInitialStateMayBreakAnInvariant() {
        final World world =
                new Wrapped(new EightPuzzle()) {
                    @Override
                    String check(final long[] state, final int at) {
                        return "anything";
                    }
                };
        final Summary summary = Runs.of(world).run();
        assertEquals(Ending.VIOLATION, summary.ending());
        assertEquals(1, summary.states());
        assertEquals(1, summary.unexpanded());
        assertEquals(0, summary.minOutDegree());
        assertEquals(List.of(), summary.violations().getFirst().trace().steps());
    }

    @Test
    void stopsAtEachLimitAndSaysSo() {
        final World world = new EightPuzzle();

        final Summary states = Runs.of(world).maxStates(1000).run();
        assertEquals(Ending.MAX_STATES, states.ending());
        assertTrue(states.states() <= 1000 && states.states() > 996);
        assertEquals(states.states() - states.expanded(), states.unexpanded());
        assertTrue(states.endingText().startsWith("incomplete: stopped at the limit on states"));

        final Summary depth = Runs.of(world).maxDepth(5).run();
        assertEquals(Ending.MAX_DEPTH, depth.ending());
        assertEquals(5, depth.depth());
        assertEquals(depth.statesPerLevel().getLast(), depth.unexpanded());

        final Summary budget =
                Runs.of(world).clock(Runs.ticking(1_000_000)).budgetNanos(100_000_000).run();
        assertEquals(Ending.BUDGET, budget.ending());
        assertTrue(budget.nanos() >= 100_000_000);
        assertTrue(budget.transitionsPerSecond() > 0);

        final Summary memory = Runs.of(new Hypercube(17, 4)).maxBytes(6L << 20).run();
        assertEquals(Ending.MEMORY, memory.ending());
        assertTrue(memory.unexpanded() > 0);

        assertTrue(Runs.of(world).maxStates(181_440).run().complete());
        assertTrue(Runs.of(world).maxDepth(32).run().complete());
    }

    @Test
    void anInterruptStopsItAndIsConsumed() {
        Thread.currentThread().interrupt();
        final Summary summary = Runs.of(new EightPuzzle()).run();
        assertFalse(Thread.interrupted());
        assertEquals(Ending.INTERRUPTED, summary.ending());
    }

    @Test
    void progressIsReportedOnceASecondOfTheClock() {
        final List<Progress> reports = new ArrayList<>();
        final Summary summary =
                Runs.of(new EightPuzzle())
                        .clock(Runs.ticking(10_000_000))
                        .progress(reports::add)
                        .run();

        assertFalse(reports.isEmpty());
        for (int i = 1; i < reports.size(); i++) {
            final Progress before = reports.get(i - 1);
            final Progress after = reports.get(i);
            assertTrue(after.nanos() - before.nanos() >= 1_000_000_000);
            assertTrue(after.states() >= before.states());
            assertTrue(after.depth() >= before.depth());
            assertTrue(after.transitionsPerSecond() > 0);
            assertTrue(after.frontier() <= after.states() && after.memoryBytes() > 0);
        }
        assertTrue(summary.nanos() >= reports.getLast().nanos());
    }

    @Test
    void whatAWorldThrowsReachesTheCaller() {
        final World world =
                new Wrapped(new EightPuzzle()) {
                    @Override
                    @Nullable String check(final long[] state, final int at) {
                        if ((state[at] & 0xFFF) == 0x876) {
                            throw new IllegalStateException("a fault of the world");
                        }
                        return null;
                    }
                };
        for (int jobs = 1; jobs < 4; jobs++) {
            final Exploration exploration = Runs.of(world).jobs(jobs);
            assertEquals(
                    "a fault of the world",
                    assertThrows(IllegalStateException.class, exploration::run).getMessage());
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        final Exploration exploration = Runs.of(new EightPuzzle());
        refused(() -> exploration.jobs(0));
        refused(() -> exploration.maxStates(0));
        refused(() -> exploration.maxStates(1L << 32));
        refused(() -> exploration.maxDepth(-1));
        refused(() -> exploration.maxBytes(0));
        refused(() -> exploration.budgetNanos(-1));
        refused(() -> new Exploration(new Hypercube(3, 0)));
        refused(() -> new Exploration(new Graph("two\nlines", new long[1], new int[1][0], 0)));

        final Exploration nowhere =
                Runs.of(
                        new Wrapped(new EightPuzzle()) {
                            @Override
                            public List<long[]> initial() {
                                return List.of();
                            }
                        });
        assertThrows(ExplorationException.class, nowhere::run);
        final Exploration wide =
                Runs.of(
                        new Wrapped(new EightPuzzle()) {
                            @Override
                            public List<long[]> initial() {
                                return List.of(new long[2]);
                            }
                        });
        assertThrows(ExplorationException.class, wide::run);
    }

    @Test
    void aLongChainIsOneStateALevel() {
        final Summary summary = Runs.of(Graph.chain(50_000)).run();
        assertEquals(49_999, summary.depth());
        assertEquals(1, summary.deadlocks());
        assertTrue(summary.text().contains("more levels"));
    }

    private static void refused(final Runnable action) {
        final String message =
                assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertNotNull(message);
        assertFalse(message.contains("\n"));
    }

    private static long print(final long node) {
        return Fingerprint.of(new long[] {node}, 0, 1);
    }

    /// Compares a search of the whole graph with a naive one.
    private static void agrees(final World world, final Summary summary) {
        final NaiveSearch naive = new NaiveSearch(world);
        assertEquals(naive.states(), summary.states());
        assertEquals(naive.statesPerLevel, summary.statesPerLevel());
        assertEquals(naive.transitions, summary.transitions());
        assertEquals(naive.selfLoops, summary.selfLoops());
        assertEquals(naive.deadlocks, summary.deadlocks());
        assertEquals(naive.minDegree, summary.minOutDegree());
        assertEquals(naive.maxDegree, summary.maxOutDegree());
        summary.transitionsByKind()
                .forEach((kind, n) -> assertEquals(naive.byKind.getOrDefault(kind, 0L), n));
        final Map<String, Long> counts = new HashMap<>();
        int length = 0;
        for (final Violation violation : summary.violations()) {
            counts.put(violation.what(), violation.count());
            assertEquals(naive.traceLength.get(violation.what()), violation.trace().steps().size());
            replays(world, violation.trace());
            assertTrue(violation.trace().steps().size() >= length);
            length = violation.trace().steps().size();
        }
        assertEquals(naive.violations, counts);
    }

    /// Follows a trace through the world: each step must be a transition of it.
    private static void replays(final World world, final Trace trace) {
        final Expander expander = world.expander();
        List<Long> from = trace.encoded();
        assertTrue(world.initial().stream().anyMatch(state -> state[0] == trace.encoded().get(0)));
        for (final Trace.Step step : trace.steps()) {
            final List<Object> seen = new ArrayList<>();
            final long[] state = from.stream().mapToLong(Long::longValue).toArray();
            expander.expand(
                    state,
                    0,
                    new Successors() {
                        @Override
                        public void add(final long[] encoded, final int at, final int action) {
                            seen.add(List.of(action, encoded[at]));
                        }

                        @Override
                        public void violation(final String what, final int action) {
                            seen.add(List.of(action, what));
                        }
                    });
            assertEquals(world.describeAction(state, step.action()), step.text());
            switch (step) {
                case Trace.Reached reached -> {
                    assertTrue(seen.contains(List.of(step.action(), reached.encoded().get(0))));
                    from = reached.encoded();
                }
                case Trace.Broken broken ->
                        assertTrue(seen.contains(List.of(step.action(), broken.what())));
            }
        }
    }
}
