// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Answer;

import java.util.List;
import java.util.stream.Stream;

/// What actions mean, on the specification alone and on both sides.
final class RunTest {

    private static final String WORLD =
            """
            world frames=64 devices=1 processors=2 linear
            domain d0 pages=4 shared=1 max=16 vcpus=1 privileged
            domain d1 pages=8 shared=1 max=12 vcpus=2
            domain d2 pages=8 shared=0 max=12 vcpus=1
            """;

    private static Stream<Subject> subjects() {
        return Stream.of(new SpecSubject(), new ImplSubject(Switches.THOROUGH));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void pokedWordsAreRead(Subject subject) {
        Run run = after(subject, "d1 poke 0x640000100008 = d1.3:0x67");
        long frame = run.numbers().number(FrameName.of(1, 3));
        assertEquals((frame << 12) + 0x67, run.callWord(1, 0x6400_0010_0008L));
        assertEquals(0, run.callWord(2, 0x6400_0010_0008L));
        assertEquals(FrameName.of(1, 3), run.numbers().name(frame));
        assertNull(run.answer());
        assertThrows(IllegalArgumentException.class, () -> run.callWord(1, 0x10_2FFF));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void onlyOwnOrdinaryFramesThatAreNoTablesAreFilled(Subject subject) {
        Run run =
                after(
                        subject,
                        "d1 fill d1.1[5] = 7",
                        "d1 fill d2.1[5] = 7",
                        "d1 fill shared1.0[5] = 7",
                        "d1 fill device.0[5] = 7",
                        "d1 fill d1.2[512] = 7",
                        "d1 poke 0x640000100008 = d1.2",
                        "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0",
                        "d1 fill d1.2[5] = 7");
        assertEquals(7, word(run, FrameName.of(1, 1)));
        assertEquals(0, word(run, FrameName.of(2, 1)));
        assertEquals(0, word(run, new FrameName(FrameName.Kind.SHARED, 1, 0)));
        assertEquals(0, word(run, new FrameName(FrameName.Kind.DEVICE, 0, 0)));
        assertEquals(0, word(run, FrameName.of(1, 2)));
    }

    private static long word(Run run, FrameName frame) {
        return run.word(run.numbers().number(frame), 5);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void callIsMadeAgainUntilItReturns(Subject subject) {
        Run run = after(subject, "d1 poke 0x640000100000 = 1", "d1 poke 0x640000100008 = d1.1");
        Verdict verdict = run.perform(pin(3, Integer.MAX_VALUE));
        Verdict.Agreed agreed = assertInstanceOf(Verdict.Agreed.class, verdict);
        assertEquals(128, agreed.steps());
        assertEquals(new Answer.Returned(0), run.answer());
        assertEquals("mm.mmuext.batch/f", agreed.rows().head());
        assertTrue(agreed.rows().contains("mm.mmuext.batch/d"));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void callCanBeLeft(Subject subject) {
        Run run = after(subject, "d1 poke 0x640000100000 = 1", "d1 poke 0x640000100008 = d1.1");
        Verdict verdict = run.perform(pin(3, 2));
        assertEquals(2, assertInstanceOf(Verdict.Agreed.class, verdict).steps());
        assertInstanceOf(Answer.Continued.class, run.answer());
        assertInstanceOf(Verdict.Agreed.class, run.finish());
    }

    private static Action pin(int patience, int attempts) {
        return new Action.Call(
                1,
                0,
                Operand.of(26),
                List.of(
                        Operand.of(0x6400_0010_0000L),
                        Operand.of(1),
                        Operand.of(0),
                        Operand.of(0x7FF0)),
                new Stimulus(patience, 0, List.of(), attempts));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whoIsDeadDoesNothing(Subject subject) {
        Run run = after(subject, "d0 destroy d2");
        assertFalse(run.machine().has(new Domid(2)));
        for (Action action :
                actions("d2v0 vm_assist 0 2", "d2 poke 0x640000100000 = 1", "d2 destroy d1")) {
            assertEquals(0, assertInstanceOf(Verdict.Agreed.class, run.perform(action)).steps());
            assertNull(run.answer());
        }
        assertEquals(0, run.callWord(2, 0x6400_0010_0000L));
        assertTrue(run.machine().has(new Domid(1)));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whatIsNotSpecifiedIsSaid(Subject subject) {
        Run run = after(subject);
        Verdict verdict = run.perform(actions("d1v0 sched_op 0").getFirst());
        assertInstanceOf(Verdict.Unspecified.class, verdict);
        assertInstanceOf(Verdict.Agreed.class, run.finish());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void requestsForSeveralFramesCanFail(Subject subject) {
        Run run =
                after(
                        subject,
                        "d1 poke 0x640000100100 = 0",
                        "d1 poke 0x640000100108 = 2",
                        "d1 poke 0x640000100110 = 1",
                        "d1 poke 0x640000100118 = 0x7ff0",
                        "d1v0 memory_op increase_reservation 0x640000100100 fail=0b10");
        assertEquals(new Answer.Returned(1), run.answer());
        perform(run, "d1v0 memory_op increase_reservation 0x640000100100 fail=0b1");
        assertEquals(new Answer.Returned(0), run.answer());
        // Requests for one frame never fail so.
        perform(
                run,
                "d1 poke 0x640000100110 = 0",
                "d1v0 memory_op increase_reservation 0x640000100100 fail=0b11");
        assertEquals(new Answer.Returned(2), run.answer());
        assertEquals(12, run.machine().domain(new Domid(1)).totPages());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void descriptorIsLoadedOnlyWhereTheProcessorAsks(Subject subject) {
        Run run = after(subject, "d1v0 load-descriptor 8");
        assertNull(run.answer());
        perform(
                run,
                "d1 poke 0x640000100000 = 0xd",
                "d1 poke 0x640000100008 = 0x2000",
                "d1 poke 0x640000100010 = 3",
                "d1v0 mmuext_op 0x640000100000 1 0 0x7ff0",
                "d1v0 load-descriptor 8");
        assertInstanceOf(Answer.PageFault.class, run.answer());
        perform(run, "d1v0 load-descriptor 0x18");
        assertNull(run.answer());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void framesNearTheEndOfTheirCounters(Subject subject) {
        String heavy = WORLD + "heavy d1.4 references=0x1fffffffffffffd types=0x7ffffffffffffe\n";
        Program program =
                TraceText.parse(
                        "heavy",
                        heavy
                                + """
                                d1 fill d1.1[0] = d1.4:0x67
                                d1 fill d1.1[1] = d1.4:0x67
                                d1 poke 0x640000100008 = d1.1
                                d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                                d1 fill d1.1[1] = 0
                                d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                                d0 destroy d1
                                """);
        Run run = subject.start(program.world());
        for (Action action : program.actions()) {
            assertInstanceOf(Verdict.Agreed.class, run.perform(action));
        }
        assertInstanceOf(Verdict.Agreed.class, run.finish());
        assertTrue(run.machine().has(new Domid(1)), "the frame keeps its domain");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whatIsNotThereIsNotNamed(Subject subject) {
        Run run = after(subject);
        assertThrows(
                IllegalArgumentException.class,
                () -> run.perform(new Action.Poke(7, 0, Operand.of(0))));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.perform(new Action.LoadDescriptor(1, 2, 0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.perform(new Action.Fill(1, Operand.number(FrameName.of(1, 8)), 0, ZERO)));
    }

    private static final Operand ZERO = Operand.of(0);

    @ParameterizedTest
    @MethodSource("subjects")
    void machineThatIsTooSmallDoesNotStart(Subject subject) {
        World world = TraceText.parse("world", WORLD).world();
        World small = new World(16, 0, true, 1, world.domains(), List.of());
        assertThrows(IllegalArgumentException.class, () -> subject.start(small));
        assertInstanceOf(Verdict.Agreed.class, subject.start(world).finish());
    }

    private static Run after(Subject subject, String... steps) {
        Run run = subject.start(TraceText.parse("world", WORLD).world());
        perform(run, steps);
        return run;
    }

    private static void perform(Run run, String... steps) {
        for (Action action : actions(steps)) {
            Verdict verdict = run.perform(action);
            assertInstanceOf(Verdict.Agreed.class, verdict, verdict::toString);
        }
    }

    private static List<Action> actions(String... steps) {
        return TraceText.parse("steps", WORLD + String.join("\n", steps)).actions();
    }
}
