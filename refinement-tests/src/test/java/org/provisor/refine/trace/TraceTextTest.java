// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

import java.util.List;

/// Programs come back from text as they were, and what is wrong with a text is said in one line.
final class TraceTextTest {

    private static final String HEAD =
            """
            world frames=64 devices=2 processors=2 linear
            domain d0 pages=4 shared=1 max=16 vcpus=1 privileged devices ports
            domain d1 pages=8 shared=1 max=20 vcpus=2 target=d0
            """;

    @Property
    void comesBackAsItWas(@ForAll("programs") Program program) {
        String text = TraceText.print(program);
        assertEquals(program, TraceText.parse("printed", text), text);
    }

    @Property
    void textComesBackAsItWas(@ForAll("programs") Program program) {
        String text = TraceText.print(program);
        assertEquals(text, TraceText.print(TraceText.parse("printed", text)));
    }

    @Test
    void anActionIsALine() {
        String line =
                "d1v1 mmu_update 0x640000100000 3 d1.2+8 d0.1:0x67 preempt=3 fail=0b10 attempts=2"
                        + " flip 0x640000100010@2=shared1.0:0";
        Program program = TraceText.parse("one", HEAD + line + " # what it does");
        assertEquals(
                List.of(
                        new Action.Call(
                                1,
                                1,
                                Operand.of(1),
                                List.of(
                                        Operand.of(0x6400_0010_0000L),
                                        Operand.of(3),
                                        new Operand(8, FrameName.of(1, 2), 0),
                                        Operand.address(FrameName.of(0, 1), 0x67)),
                                new Stimulus(
                                        3,
                                        2,
                                        List.of(
                                                new Flip(
                                                        0x6400_0010_0010L,
                                                        2,
                                                        Operand.address(
                                                                new FrameName(Kind.SHARED, 1, 0),
                                                                0))),
                                        2))),
                program.actions());
        assertEquals(line, TraceText.print(program.actions().getFirst()));
    }

    @Test
    void subOperationsHaveNames() {
        String line = "d1v0 memory_op populate_physmap@3 0x640000100000";
        Program program = TraceText.parse("one", HEAD + line);
        Action.Call call = (Action.Call) program.actions().getFirst();
        assertEquals(Operand.of(6 | 3 << 6), call.arguments().getFirst());
        assertEquals(line, TraceText.print(call));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    d2 poke 0x640000100000 = 1             | there is no domain d2
                    d1v2 mmu_update                  | there is no vCPU d1v2
                    d1 poke 0x640000100000                 | '=' and a value are expected
                    d1 poke 0x10000g = 1             | '0x10000g' is not a number
                    d1 poke 0x640000100000 = d1.8          | there is no frame d1.8
                    d1 poke 0x640000100000 = device.2      | there is no frame device.2
                    d1 poke 0x640000100000 = 1 2           | nothing more is expected at '2'
                    d1 fill d1.1 = 1                 | a frame and a slot are expected
                    d1 destroy 2                     | '2' is not d and a number
                    d1 eat d1.1                      | a domain can poke, fill or destroy
                    d1v0 mmu_updat 0                 | no hypercall is called 'mmu_updat'
                    d1v0 mmu_update 1 2 3 4 5 6      | a call has at most 5 arguments
                    d1v0 mmu_update 0 flip 0x1       | a change is expected
                    d1v0 mmu_update 0 flip 0x1@0=0   | a word can change after 1 read or more
                    d1v0 mmu_update 0 attempts=0     | a call takes 1 attempt or more
                    d1v0 write cr2=0 bytes=1         | 'at=' and a value are expected
                    d1v0                             | a hypercall, load-descriptor, write or arrive
                    world frames=1 devices=0 processors=1 | a second line starts with 'world'
                    domain d1 pages=1 shared=0 max=1 vcpus=0 | d1 is there already
                    domain d32752 pages=1 shared=0 max=1 vcpus=0 | a domain is d0 to d32751
                    domain d3 pages=1 shared=0 vcpus=0 | 'max=' and a value are expected
                    heavy d1 references=1 types=0    | a frame is expected
                    x1 poke 0 = 0                    | 'x1' is not d and a number
                    """)
    void saysWhatIsWrong(String line, String what) {
        TraceException wrong =
                assertThrows(
                        TraceException.class, () -> TraceText.parse("some.trace", HEAD + line));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.startsWith("some.trace:4: "), message);
        assertTrue(message.contains(what), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aMachineComesFirst() {
        assertThrows(TraceException.class, () -> TraceText.parse("empty", "# nothing\n"));
        assertThrows(TraceException.class, () -> TraceText.parse("empty", "d1 poke 0 = 0\n"));
    }

    // Programs.

    @Provide
    Arbitrary<Program> programs() {
        return Combinators.combine(worlds(), actions().list().ofMaxSize(20)).as(Program::new);
    }

    private static Arbitrary<World> worlds() {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        Arbitrary<DomainSetup> d1 =
                Combinators.combine(flag, flag, flag, flag, Arbitraries.of(-1, 0))
                        .as((privileged, devices, ports, assigned, target) ->
                                new DomainSetup(
                                        1,
                                        privileged,
                                        target,
                                        8,
                                        2,
                                        20,
                                        2,
                                        devices,
                                        ports,
                                        assigned));
        Arbitrary<List<Heavy>> heavy =
                Combinators.combine(frames(), words(), words()).as(Heavy::new).list().ofMaxSize(2);
        DomainSetup d0 = new DomainSetup(0, true, -1, 4, 2, 16, 1, false, true, false);
        return Combinators.combine(flag, d1, heavy)
                .as((linear, guest, many) -> new World(64, 2, linear, 2, List.of(d0, guest), many));
    }

    private static Arbitrary<Action> actions() {
        Arbitrary<Integer> domain = Arbitraries.of(0, 1);
        Arbitrary<Integer> small = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Action> calls =
                Combinators.combine(
                                domain,
                                Arbitraries.oneOf(
                                        Arbitraries.integers()
                                                .between(0, 60)
                                                .map(call -> Operand.of(call)),
                                        operands()),
                                operands().list().ofMaxSize(5),
                                stimuli())
                        .as((d, call, arguments, s) -> new Action.Call(d, 0, call, arguments, s));
        Arbitrary<Action> pokes =
                Combinators.combine(domain, words(), operands()).as(Action.Poke::new);
        Arbitrary<Action> fills =
                Combinators.combine(domain, operands(), small, operands()).as(Action.Fill::new);
        Arbitrary<Action> destroys =
                Combinators.combine(domain, small, stimuli()).as(Action.Destroy::new);
        Arbitrary<Action> loads = small.map(offset -> new Action.LoadDescriptor(1, 1, offset));
        Arbitrary<Action> writes =
                Combinators.combine(words(), words(), small, operands(), operands().injectNull(0.5))
                        .as((cr2, at, bytes, value, expected) ->
                                new Action.WriteReadOnly(1, 0, cr2, at, bytes, value, expected));
        return Arbitraries.oneOf(calls, pokes, fills, destroys, loads, writes, arrivals());
    }

    private static Arbitrary<Action> arrivals() {
        Arbitrary<Integer> selectors = Arbitraries.integers().between(0, 0xFFFF);
        Arbitrary<Action.Frame> saved =
                Combinators.combine(
                                words(), selectors, words(), words(), selectors, words(), words())
                        .as(Action.Frame::new);
        Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 0xFF);
        return Combinators.combine(
                        Arbitraries.of(Action.Cause.class),
                        bytes,
                        words(),
                        words(),
                        saved,
                        bytes,
                        Arbitraries.of(true, false))
                .as((cause, vector, code, cr2, frame, mask, pending) ->
                        new Action.Arrive(
                                1,
                                1,
                                cause,
                                cause == Action.Cause.EXCEPTION ? 14 : vector,
                                code,
                                cr2,
                                frame,
                                mask,
                                pending));
    }

    private static Arbitrary<Stimulus> stimuli() {
        Arbitrary<Integer> often =
                Arbitraries.oneOf(
                        Arbitraries.just(Integer.MAX_VALUE), Arbitraries.integers().between(1, 99));
        Arbitrary<Flip> flips =
                Combinators.combine(words(), Arbitraries.integers().between(1, 3), operands())
                        .as(Flip::new);
        return Combinators.combine(often, words(), flips.list().ofMaxSize(3), often)
                .as(Stimulus::new);
    }

    private static Arbitrary<Operand> operands() {
        Arbitrary<Operand> named =
                Combinators.combine(words(), frames(), Arbitraries.of(0, 12)).as(Operand::new);
        return Arbitraries.oneOf(words().map(Operand::of), named);
    }

    private static Arbitrary<FrameName> frames() {
        Arbitrary<Integer> first = Arbitraries.of(0, 1);
        return Arbitraries.oneOf(
                Combinators.combine(first, first)
                        .as((domain, index) -> new FrameName(Kind.SHARED, domain, index)),
                Combinators.combine(first, Arbitraries.integers().between(0, 3)).as(FrameName::of),
                first.map(index -> new FrameName(Kind.DEVICE, 0, index)),
                first.map(index -> new FrameName(Kind.XEN, 0, index)));
    }

    private static Arbitrary<Long> words() {
        return Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, 20));
    }
}
