// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Calls that meet at each point at which they can do what some order of them does; errors that
/// only show then are found. Nothing of it is left to chance.
final class DirectedRacesTest {

    /// One pair in so many is tried in each build.
    private static final int SOME = 67;

    @Test
    void someOrderExplainsSomePairsOfEachState() {
        Races races = DirectedRaces.inTurns();
        RaceResult total = RaceResult.none();
        for (int number = 0; number < races.pairs(); number += SOME) {
            total = total.and(races.run(number));
        }
        assertEquals(List.of(), total.findings());
        assertTrue(total.outcomes() > total.pairs(), total::toString);
    }

    @Test
    @Tag("slow")
    void someOrderExplainsAllPairs() {
        RaceCampaign.Result result = new RaceCampaign(DirectedRaces::inTurns).run();
        assertEquals(List.of(), result.total().findings());
        assertEquals(result.pairs(), result.total().pairs());
    }

    /// A pin holds a table to its type before the other call drops what it holds: it succeeds
    /// although the table is pinned before that call and is gone after it.
    @Test
    void aPinMeetsTheEndOfTheTable() {
        RaceResult result =
                one(
                        DirectedRaces.inTurns(),
                        "a pin keeps all: d1v0 does unpin three, interrupted by d1v1 that does pin"
                                + " three as 3");
        assertEquals(List.of(), result.findings());
        assertTrue(result.points() > 10, result::toString);
        assertTrue(result.outcomes() > 2, result::toString);
        assertTrue(result.moments().containsKey("TYPED"), result::toString);
    }

    /// The same pair of calls comes to the same each time.
    @Test
    void aPairRepeats() {
        Races races = DirectedRaces.inTurns();
        RaceResult first = races.run(SOME);
        races.run(2 * SOME);
        assertEquals(first, races.run(SOME));
        assertEquals(first, DirectedRaces.inTurns().run(SOME));
    }

    /// An error is found, and without it the same pair is explained.
    @Test
    void findsTypesThatAreNotAtomic() {
        finds(PatchedClasses.withoutAtomicTypes());
    }

    @Test
    void findsReferencesThatAreNotDroppedAtOnce() {
        finds(PatchedClasses.withoutAtomicDrop());
    }

    @Test
    @Tag("slow")
    void findsTablesThatAreNotLocked() {
        finds(PatchedClasses.withoutLock());
    }

    private static void finds(PatchedClasses classes) {
        RaceCampaign.Result result = new RaceCampaign(classes::races).run();
        assertFalse(result.total().findings().isEmpty(), result::toString);
        RaceResult.Finding finding = result.total().findings().getFirst();
        assertEquals(List.of(finding), one(classes.races(), finding.pair()).findings());
        assertEquals(List.of(), one(DirectedRaces.inTurns(), finding.pair()).findings());
    }

    private static RaceResult one(Races races, String pair) {
        RaceCampaign.Result result = new RaceCampaign(() -> races).only(pair).run();
        assertEquals(1, result.pairs(), pair);
        return result.total();
    }

    // The campaign.

    @Test
    void findingsOfAKindCountOnceAndEndIt() {
        AtomicInteger ran = new AtomicInteger();
        Races races =
                races(number -> {
                    ran.incrementAndGet();
                    String part = number % 2 == 0 ? "even" : "odd";
                    return new RaceResult(
                            1,
                            3,
                            1,
                            Map.of("BUSY", 1L),
                            List.of(new RaceResult.Finding("", 0, part, "")));
                });
        RaceCampaign.Result all = new RaceCampaign(() -> races).maxFindings(3).run();
        assertEquals(2, all.total().findings().size());
        assertEquals(10, all.total().pairs());
        assertEquals(30, all.total().points());
        assertEquals(Map.of("BUSY", 10L), all.total().moments());
        ran.set(0);
        new RaceCampaign(() -> races).run();
        assertEquals(1, ran.get());
    }

    @Test
    void thereIsNoSuchPair() {
        Races races = races(_ -> RaceResult.none());
        assertThrows(
                IllegalArgumentException.class,
                () -> new RaceCampaign(() -> races).only("eleven").run());
    }

    @Test
    void aFailureIsNotLost() {
        Races races =
                races(_ -> {
                    throw new IllegalArgumentException("broken");
                });
        IllegalStateException thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> new RaceCampaign(() -> races).jobs(2).run());
        assertTrue(String.valueOf(thrown.getMessage()).contains("broken"), thrown::toString);
    }

    private static Races races(IntFunction<RaceResult> result) {
        return new Races() {

            @Override
            public int pairs() {
                return 10;
            }

            @Override
            public String text(int number) {
                return "pair " + number;
            }

            @Override
            public RaceResult run(int number) {
                return result.apply(number);
            }
        };
    }
}
