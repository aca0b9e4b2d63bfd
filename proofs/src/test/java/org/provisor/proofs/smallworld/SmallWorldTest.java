// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.Successors;
import org.provisor.proofs.explore.Summary;
import org.provisor.proofs.explore.Trace;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class SmallWorldTest {

    private static final WorldSize TABLES =
            WorldSize.of(3, 2, EnumSet.of(Group.PINS, Group.ENTRIES), GuestContents.EMPTY);

    /// Small, and rich in what a vCPU has: roots, and what it left unfinished.
    private static final WorldSize ROOTED =
            WorldSize.of(
                    3,
                    1,
                    EnumSet.of(Group.PINS, Group.ENTRIES, Group.ROOTS, Group.STRICT, Group.DEATH),
                    GuestContents.EMPTY);

    /// Small, and rich in what is interrupted: tables checked and taken apart in part.
    private static final WorldSize TORN =
            WorldSize.of(3, 2, EnumSet.of(Group.PINS, Group.SECOND, Group.DEATH), GuestContents.ONE)
                    .upTo(2);

    private static final Map<WorldSize, Reachable> FOUND = new HashMap<>();

    private static final Pattern PIN_AND_UNPIN =
            Pattern.compile("pin (mfn [0-9]) as l1.*unpin (mfn [0-9])", Pattern.DOTALL);

    @Test
    void tinyWorldIsExploredWithoutAViolation() {
        final Summary summary = new Exploration(new SmallWorld(TABLES)).jobs(2).run();
        assertEquals(List.of(), summary.violations());
        assertTrue(summary.holds(), summary.endingText());
        assertEquals(3_561, summary.states());
        assertEquals(9, summary.depth());
        assertEquals(244_570, summary.transitions());
    }

    private static Reachable reachable(final WorldSize size) {
        return FOUND.computeIfAbsent(size, Reachable::of);
    }

    private static List<WorldSize> worlds() {
        return List.of(ROOTED, TORN);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void engineAndPlainSearchAgree(final WorldSize size) {
        final Summary summary = new Exploration(new SmallWorld(size)).jobs(2).keepGoing().run();
        final Reachable plain = reachable(size);
        assertTrue(summary.complete(), summary.endingText());
        assertEquals(plain.states().size(), summary.states());
        assertEquals(plain.transitions(), summary.transitions());
        assertEquals(plain.broken().isEmpty(), summary.violations().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void decodingAndEncodingLeaveAMachineAsItIs(final WorldSize size) {
        final Codec codec = new Codec(size);
        for (final List<Long> state : reachable(size).states()) {
            final long[] words = Reachable.words(state);
            final Machine machine = codec.decode(words, 0);
            final long[] again = new long[words.length];
            codec.encode(machine, again);
            assertEquals(state, Reachable.boxed(again), "with what is known");
            new Codec(size).encode(machine, again);
            assertEquals(withoutNext(state), Reachable.boxed(again), "from nothing");
            assertEquals(machine, new Codec(size).decode(again, 0));
        }
    }

    /// The mark of the frame at which a teardown goes on is not in the machine.
    private static List<Long> withoutNext(final List<Long> state) {
        final List<Long> words = new ArrayList<>(state);
        for (int i = 0; i < words.size() - Codec.DOMAINS; i++) {
            words.set(i, words.get(i) & ~FrameWord.NEXT);
        }
        return words;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anyNumberingOfFramesHasTheSameEncoding(final WorldSize size) {
        final Numbering numbering = new Numbering(size);
        for (final List<Long> state : reachable(size).states()) {
            final long[] raw = Reachable.words(state);
            for (final int[] names : permutations(size.frames())) {
                final long[] renumbered = new long[raw.length];
                Numbering.renumber(raw, names, renumbered);
                final long[] canonical = new long[raw.length];
                numbering.canonical(renumbered, canonical);
                assertEquals(state, Reachable.boxed(canonical));
                final long[] named = new long[raw.length];
                Numbering.renumber(renumbered, numbering.names(), named);
                assertEquals(state, Reachable.boxed(named), "the names lead there");
            }
        }
    }

    /// The states found without the reduction are those that renumbering the guest's frames makes
    /// of the states found with it: the control domain's frame cannot be confused with them.
    @ParameterizedTest
    @MethodSource("worlds")
    void reductionLosesNothing(final WorldSize size) {
        final Reachable reduced = reachable(size);
        final Reachable all = Reachable.of(size.unreduced());
        final Set<List<Long>> expected = new HashSet<>();
        for (final List<Long> state : reduced.states()) {
            for (final int[] names : permutations(size.frames())) {
                final long[] raw = Reachable.words(state);
                final long[] renumbered = new long[raw.length];
                Numbering.renumber(raw, names, renumbered);
                if (FrameWord.ownerOf(renumbered[0]) == 1) {
                    expected.add(Reachable.boxed(renumbered));
                }
            }
        }
        assertTrue(expected.equals(all.states()), "not the same " + expected.size() + " states");
        assertTrue(all.states().size() > reduced.states().size());
    }

    private static List<int[]> permutations(final int frames) {
        final List<int[]> all = new ArrayList<>();
        final int[] names = new int[frames + 1];
        permute(all, names, 1);
        return all;
    }

    private static void permute(final List<int[]> all, final int[] names, final int frame) {
        if (frame == names.length) {
            all.add(names.clone());
            return;
        }
        for (int name = 1; name < names.length; name++) {
            names[frame] = name;
            boolean used = false;
            for (int before = 1; before < frame; before++) {
                used |= names[before] == name;
            }
            if (!used) {
                permute(all, names, frame + 1);
            }
        }
    }

    @Test
    void everythingOpenIsTried() {
        final Codec codec = new Codec(TORN);
        boolean partial = false;
        boolean dying = false;
        boolean gone = false;
        boolean interrupted = false;
        for (final List<Long> state : reachable(TORN).states()) {
            final long[] words = Reachable.words(state);
            final Machine machine = codec.decode(words, 0);
            partial |= machine.frames().exists(frame -> frame.use().partial());
            gone |= !machine.has(SmallWorld.GUEST);
            dying |=
                    machine.has(SmallWorld.GUEST)
                            && machine.domain(SmallWorld.GUEST).life() == Life.DYING;
            for (int i = 0; i < TORN.frames(); i++) {
                interrupted |= (words[i] & FrameWord.NEXT) != 0;
            }
        }
        assertTrue(dying && gone, "the guest dies");
        assertTrue(partial, "a check is preempted");
        assertTrue(interrupted, "a teardown is preempted in a table");
    }

    @Test
    void aWorldSaysWhichItIs() {
        assertEquals(
                "small world 2: 3 frames (d0 1, d1 2, free 0), 2 slots, pins up to level 2, groups"
                        + " pins,death,second, contents one",
                new SmallWorld(TORN).configuration());
        assertThrows(IllegalArgumentException.class, () -> TORN.upTo(5));
        assertThrows(IllegalArgumentException.class, () -> TORN.owned(2, 2));
    }

    @Test
    void contentsAreEnumerated() {
        assertEquals(1, GuestContents.EMPTY.of(3, 2).size());
        assertEquals(1 + 2 * 6, GuestContents.ONE.of(3, 2).size());
        assertEquals(7 * 7, GuestContents.ALL.of(3, 2).size());
        assertEquals(7 * 7, Set.copyOf(GuestContents.ALL.of(3, 2)).size());
        assertEquals(0, GuestContents.ALL.of(3, 2).getFirst().word(0));
    }

    @Test
    void whatDoesNotFitIsNotEncoded() {
        final Frame frame = Frame.allocatedTo(SmallWorld.GUEST);
        assertThrows(EncodingException.class, () -> FrameWord.of(frame.withRefs(64), 2, 3));
        assertThrows(EncodingException.class, () -> FrameWord.of(frame.withM2p(1), 2, 3));
        assertThrows(EncodingException.class, () -> FrameWord.of(Frame.XEN, 2, 3));
    }

    @Test
    void rowsAreCounted() {
        final SmallWorld world = new SmallWorld(TORN);
        new Exploration(world).jobs(2).keepGoing().run();
        assertNotNull(world.rows().get(Attempts.INTERRUPTED_AT_FRAME));
        assertNotNull(world.rows().get("mm.validate.table/a"));
    }

    @Test
    void aTraceIsToldInNumbersThatStay() {
        final SmallWorld world = new SmallWorld(TABLES);
        final long[] first = world.initial().getFirst();
        final Trace.Reached pinned = taken(world, first, "as l1");
        final Trace.Reached unpinned = taken(world, Reachable.words(pinned.encoded()), "unpin");
        final Trace trace = new Trace(Reachable.boxed(first), "", List.of(pinned, unpinned));
        final String told = world.tell(trace);
        final Matcher frames = PIN_AND_UNPIN.matcher(told);
        assertTrue(frames.find(), told);
        assertEquals(frames.group(1), frames.group(2), told);
        assertTrue(
                told.contains(frames.group(1) + " type: none x0 unchecked -> l1 x1 valid"), told);
    }

    /// The first action that is called so and changes something.
    private static Trace.Reached taken(
            final SmallWorld world, final long[] from, final String called) {
        final List<Trace.Reached> found = new ArrayList<>();
        world.expander()
                .expand(
                        from,
                        0,
                        new Successors() {
                            @Override
                            public void add(final long[] code, final int at, final int action) {
                                final long[] to = Arrays.copyOfRange(code, at, at + from.length);
                                final String said = world.describeAction(from, action);
                                if (said.contains(called) && !Arrays.equals(from, to)) {
                                    final String state = world.describe(to);
                                    found.add(
                                            new Trace.Reached(
                                                    action, said, Reachable.boxed(to), state));
                                }
                            }

                            @Override
                            public void violation(final String what, final int action) {
                                throw new AssertionError(what);
                            }
                        });
        return found.getFirst();
    }
}
