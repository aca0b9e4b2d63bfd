// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Decisions, and that they are taken again as they were.
final class ChanceTest {

    private static List<Integer> decide(Chance chance, int moves, int each) {
        List<Integer> decided = new ArrayList<>();
        for (int move = 0; move < moves; move++) {
            chance.nextMove();
            for (int i = 0; i < each; i++) {
                decided.add(chance.below(1000));
            }
        }
        return decided;
    }

    private static Chance started(long seed) {
        Chance chance = new Chance();
        chance.start(seed, null);
        return chance;
    }

    @Test
    void aSeedDecidesTheSame() {
        assertEquals(decide(started(7), 5, 20), decide(started(7), 5, 20));
        assertNotEquals(decide(started(7), 5, 20), decide(started(8), 5, 20));
    }

    @Test
    void aTapeDecidesTheSameWhateverTheSeed() {
        Chance first = started(7);
        List<Integer> decided = decide(first, 5, 20);
        Chance again = new Chance();
        again.start(99, first.taken().copy());
        assertEquals(decided, decide(again, 5, 20));
    }

    @Test
    void aMoveThatAsksForMoreDoesNotShiftTheNext() {
        Chance first = started(7);
        List<Integer> decided = decide(first, 3, 4);
        Chance again = new Chance();
        again.start(7, first.taken().copy());
        List<Integer> more = decide(again, 3, 6);
        for (int move = 0; move < 3; move++) {
            assertEquals(
                    decided.subList(4 * move, 4 * move + 4), more.subList(6 * move, 6 * move + 4));
        }
    }

    @Test
    void aMoveThatAsksForLessDoesNotShiftTheNext() {
        Chance first = started(7);
        List<Integer> decided = decide(first, 3, 4);
        Chance again = new Chance();
        again.start(7, first.taken().copy());
        List<Integer> less = decide(again, 3, 2);
        for (int move = 0; move < 3; move++) {
            assertEquals(
                    decided.subList(4 * move, 4 * move + 2), less.subList(2 * move, 2 * move + 2));
        }
    }

    @Test
    void aDecisionThatDoesNotFitIsMadeToFit() {
        Tape tape = new Tape();
        tape.nextMove();
        tape.add(1_000_003);
        tape.add(-1);
        Chance chance = new Chance();
        chance.start(1, tape);
        chance.nextMove();
        assertEquals(1_000_003 % 10, chance.below(10));
        assertTrue(chance.below(10) >= 0);
    }

    @Test
    void allNumbersComeUp() {
        Chance chance = started(3);
        chance.nextMove();
        int[] counts = new int[7];
        for (int i = 0; i < 7000; i++) {
            counts[chance.below(7)]++;
        }
        for (int count : counts) {
            assertTrue(count > 800 && count < 1200, () -> count + " of about 1000");
        }
    }

    @Test
    void movesOfOneTapeMakeAnother() {
        Chance first = started(7);
        decide(first, 4, 3);
        Tape tape = first.taken();
        Tape made = new Tape();
        made.append(tape, 2);
        made.append(tape, 0, 2);
        assertEquals(3, made.moves());
        assertEquals(9, made.size());
        assertEquals(tape.value(tape.start(2)), made.value(0));
        assertEquals(tape.value(tape.start(0)), made.value(made.start(1)));
        assertEquals(9, made.end(2));
    }
}
