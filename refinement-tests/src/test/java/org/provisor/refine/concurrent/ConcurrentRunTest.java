// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Two vCPUs at once do what some order of their elements does; errors that only show then are
/// found. All of it follows from the seeds.
final class ConcurrentRunTest {

    private static final long SHORT = 1_000;

    /// How many seeds are tried until one shows an error.
    private static final int SEEDS = 10;

    private static final long LONG = 100_000;

    @Test
    void someOrderExplainsEveryRound() {
        ConcurrentRounds rounds = ConcurrentRun.inTurns();
        for (long seed : new long[] {1, 4, 5}) {
            agrees(rounds.play(seed, SHORT, _ -> true));
        }
    }

    /// An entry of a root is taken away; what it led to is taken apart down to a table that the
    /// other vCPU wants to change, and is refused.
    @Test
    void whatAnEntryLedToIsTakenApart() {
        agrees(ConcurrentRun.inTurns().play(0x24e5b49aa5121e19L, 400, _ -> true));
    }

    /// Each was once said to be a difference, and all but the last for want of an explanation: what
    /// a table led to in between, a frame that an exchange has taken, a reference that begins when
    /// another ends; the last, frames that a teardown passed over. What follows from a seed has
    /// changed since.
    @ParameterizedTest
    @ValueSource(
            longs = {
                0x21b9f5505e7992b5L,
                0xa79c865521c315e8L,
                0xdedf7fdd10c6e801L,
                0x3499909674a11d0fL,
                0x9e673b54dd4427b8L
            })
    void roundsThatDiffered(long seed) {
        agrees(ConcurrentRun.inTurns().play(seed, 300, _ -> true));
    }

    /// A frame that only a pin keeps is unpinned, written to, pinned in vain and written to, each
    /// while something else holds it: to be found among some ten thousand orders.
    @Test
    void threeMomentsExplainARound() {
        agrees(ConcurrentRun.inTurns().play(0x24fb2bb74cfec2daL, 220, _ -> true));
    }

    /// A table that only one vCPU keeps is taken apart by it and pinned by the other, which refers
    /// to it by then; both want to change an entry while the other works on it. Once the search was
    /// given up before it came to that order.
    @ParameterizedTest
    @ValueSource(longs = {0x19daa6697dd51bd6L, 0x91205dd23d617d14L})
    void aPinMeetsTheEndOfTheTable(long seed) {
        agrees(ConcurrentRun.inTurns().play(seed, 100, _ -> true));
    }

    @Test
    @Tag("slow")
    void someOrderExplainsEveryOfManyRounds() {
        for (long seed = 100; seed < 110; seed++) {
            agrees(ConcurrentRun.inTurns().play(seed, LONG, _ -> true));
        }
    }

    private static void agrees(ConcurrentResult result) {
        assertNull(result.finding(), result::toString);
        assertTrue(result.overlapping() > 0, "no two elements were ever under way at once");
    }

    @Test
    void findsTypesThatAreNotAtomic() {
        finds(PatchedClasses.withoutAtomicTypes());
    }

    @Test
    void findsReferencesThatAreNotDroppedAtOnce() {
        finds(PatchedClasses.withoutAtomicDrop());
    }

    @Test
    void findsTablesThatAreNotLocked() {
        finds(PatchedClasses.withoutLock());
    }

    /// Where all is explained without the error, it is found; and on the machine whose seed is said
    /// it is found again, in the same way.
    private static void finds(PatchedClasses classes) {
        ConcurrentRounds rounds = classes.rounds();
        Unexplained finding = null;
        for (long seed = 1; seed <= SEEDS && finding == null; seed++) {
            finding = rounds.play(seed, SHORT, _ -> true).finding();
            if (finding != null) {
                agrees(ConcurrentRun.inTurns().play(seed, SHORT, _ -> true));
            }
        }
        assertNotNull(finding, "found by none of the seeds");
        ConcurrentResult again = rounds.play(finding.seed(), SHORT, _ -> true);
        assertEquals(1, again.machines());
        assertEquals(finding, again.finding());
    }

    @Test
    void stopsWhenThereIsNoReasonToGoOn() {
        assertEquals(0, ConcurrentRun.inTurns().play(1, SHORT, _ -> false).machines());
    }

    @Test
    void whatOneVcpuDoesAloneNeedsNoMoment() {
        List<Map<String, Long>> moments = new ArrayList<>();
        for (long seed = 1; seed < 3; seed++) {
            // Fewer elements than a vCPU does alone at first.
            moments.add(ConcurrentRun.inTurns().play(seed, 20, _ -> true).moments());
        }
        assertEquals(List.of(Map.of(), Map.of()), moments);
    }
}
