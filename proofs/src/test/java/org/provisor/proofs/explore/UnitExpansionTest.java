// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.provisor.proofs.mail.MailWriter;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

@Timeout(60)
final class UnitExpansionTest {

    /// Members that answer in any order, and lose answers: what they worked out before they lost it
    /// they remember.
    private static final class Losing implements Lane {

        private final List<UnitExpansion> members;
        private final SplittableRandom random;
        private int lost;

        Losing(final World world, final long seed) {
            members = Stream.generate(() -> new UnitExpansion(world)).limit(3).toList();
            random = new SplittableRandom(seed);
        }

        @Override
        public synchronized byte[] expand(final byte[] unit) {
            while (random.nextInt(3) == 0) {
                members.get(random.nextInt(3)).answer(unit);
                lost++;
            }
            return members.get(random.nextInt(3)).answer(unit);
        }
    }

    @Test
    void nothingShowsWhoExpandsAndWhatGetsLost() {
        same(new EightPuzzle(), exploration -> exploration);
        same(new Hypercube(12, 24), exploration -> exploration);
        same(new Peterson(true), exploration -> exploration);
        same(new Hypercube(12, 24), exploration -> exploration.maxStates(1000));
        for (long seed = 1; seed <= 20; seed++) {
            same(Graph.random(seed, 2000, 0, 1 << 30), exploration -> exploration);
            same(Graph.random(seed, 2000, 97, 50), Exploration::keepGoing);
            same(Graph.random(seed, 2000, 97, 50), exploration -> exploration.maxStates(777));
        }
    }

    private static void same(final World world, final UnaryOperator<Exploration> asked) {
        final Summary here = asked.apply(Runs.of(world)).run();
        final Losing lane = new Losing(world, here.digest());
        final Summary elsewhere = asked.apply(Runs.of(world).jobs(5).lane(lane)).run();
        assertEquals(Runs.stable(here), Runs.stable(elsewhere), world.configuration());
        assertTrue(here.states() < 500 || lane.lost > 0, "nothing was lost");
    }

    @Test
    void theSameUnitTwiceIsAnsweredTwice() {
        final UnitExpansion member = new UnitExpansion(new Hypercube(12, 1));
        final byte[] unit = unit(5, 1, 3);
        final byte[] answer = member.answer(unit);
        assertArrayEquals(answer, member.answer(unit));
        assertArrayEquals(answer, new UnitExpansion(new Hypercube(12, 1)).answer(unit));
    }

    /// It has been told, and is entered before.
    @Test
    void whatWasAnsweredForALowerUnitIsLeftOut() {
        final UnitExpansion member = new UnitExpansion(new Hypercube(12, 1));
        final byte[] first = member.answer(unit(5, 1));
        final byte[] again = member.answer(unit(6, 1));
        assertTrue(again.length < first.length, again.length + " bytes");
        assertEquals(first.length, member.answer(unit(4, 1)).length);
    }

    private static byte[] unit(final long index, final long... states) {
        final MailWriter to = new MailWriter().number(index).small(1).small(states.length);
        return to.numbers(states, 0, states.length).done();
    }

    @Test
    void aLaneThatFailsEndsTheExploration() {
        final Exploration exploration =
                Runs.of(new Hypercube(12, 1))
                        .lane(_ -> {
                            throw new IllegalArgumentException("nobody");
                        });
        assertThrows(IllegalArgumentException.class, exploration::run);
    }
}
