// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.TraceText;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Programs from their first move to their last.
final class ScriptTest {

    private static final int PROGRAMS = 150;

    private final SpecSubject subject = new SpecSubject();
    private final Script script = new Script(Focus.NONE);

    private Program play(long seed, @Nullable Tape tape) {
        World world = script.begin(seed, tape);
        Run run = subject.start(world);
        List<Action> actions = new ArrayList<>();
        script.stage()
                .start(
                        world,
                        run,
                        action -> {
                            actions.add(action);
                            return !(run.perform(action) instanceof Verdict.Differs);
                        });
        script.play(actions::size);
        return new Program(world, actions);
    }

    @Test
    void aSeedMakesTheSameProgram() {
        for (long seed = 0; seed < 20; seed++) {
            assertEquals(play(seed, null), play(seed, null));
        }
    }

    @Test
    void aTapeMakesTheSameProgramWhateverTheSeed() {
        for (long seed = 0; seed < 20; seed++) {
            Program program = play(seed, null);
            Tape tape = script.taken().copy();
            assertEquals(program, play(~seed, tape));
        }
    }

    @Test
    void theStartOfATapeMakesTheStartOfTheProgram() {
        Program program = play(5, null);
        Tape tape = new Tape();
        tape.append(script.taken().copy(), 0, script.taken().moves() / 2);
        Program other = play(77, tape);
        assertEquals(program.world(), other.world());
        int same = 0;
        while (same < other.actions().size()
                && same < program.actions().size()
                && program.actions().get(same).equals(other.actions().get(same))) {
            same++;
        }
        assertTrue(same > 10, "only " + same + " actions are the same");
    }

    @Test
    void programsHaveTheLengthTheyShould() {
        for (long seed = 0; seed < PROGRAMS; seed++) {
            int length = play(seed, null).actions().size();
            // The last move makes as many actions as it has: 400 requests twice, of two words each.
            assertTrue(length >= 50 && length < 300 + 1700, "seed " + seed + ": " + length);
        }
    }

    @Test
    void allWorldsAreChosen() {
        Set<World> chosen = new HashSet<>();
        for (long seed = 0; seed < PROGRAMS; seed++) {
            chosen.add(script.begin(seed, null));
        }
        assertEquals(new HashSet<>(Worlds.ALL), chosen);
    }

    /// So that the same programs run where frames have other numbers.
    @Test
    void framesThatHaveNamesAreNamed() {
        for (long seed = 0; seed < PROGRAMS; seed++) {
            Program program = play(seed, null);
            for (Action action : program.actions()) {
                if (action instanceof Action.Fill(int _, Operand frame, int _, Operand _)) {
                    FrameName name = frame.frame();
                    int most = program.world().frames();
                    assertTrue(name != null || frame.base() < most, action.toString());
                }
            }
        }
        Program alone = null;
        for (long seed = 0; alone == null; seed++) {
            alone = script.begin(seed, null).equals(Worlds.ALONE) ? play(seed, null) : null;
        }
        assertNotNull(alone);
        for (Action action : alone.actions()) {
            if (action instanceof Action.Call(int domain, _, _, _, _)) {
                assertEquals(0, domain);
            }
        }
    }

    @Test
    void programsAreTheSameAfterBeingWrittenAndRead() {
        for (long seed = 0; seed < 40; seed++) {
            Program program = play(seed, null);
            assertEquals(program, TraceText.parse("test", TraceText.print(program)));
        }
    }
}
