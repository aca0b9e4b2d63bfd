// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class SmallWorldTest {

    private static final WorldSize TABLES =
            WorldSize.of(3, 2, EnumSet.of(Group.PINS, Group.ENTRIES), GuestContents.EMPTY);

    /// Small, and rich in what is encoded: roots of two vCPUs, teardown, unfinished tables.
    private static final WorldSize RICH =
            WorldSize.of(
                            3,
                            1,
                            EnumSet.of(
                                    Group.PINS,
                                    Group.ENTRIES,
                                    Group.ROOTS,
                                    Group.STRICT,
                                    Group.DEATH),
                            GuestContents.EMPTY)
                    .upTo(4);

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

    @Test
    void engineAndPlainSearchAgree() {
        final Summary summary = new Exploration(new SmallWorld(RICH)).jobs(2).run();
        final Reachable plain = Reachable.of(RICH);
        assertTrue(summary.complete(), summary.endingText());
        assertEquals(plain.states().size(), summary.states());
        assertEquals(plain.transitions(), summary.transitions());
    }

    @Test
    void decodingAndEncodingLeaveAMachineAsItIs() {
        final Codec codec = new Codec(RICH);
        final Codec other = new Codec(RICH);
        for (final List<Long> state : Reachable.of(RICH).states()) {
            final long[] words = Reachable.words(state);
            final Machine machine = codec.decode(words, 0);
            final long[] again = new long[words.length];
            codec.encode(machine, again);
            assertEquals(state, Reachable.boxed(again), "with what is known");
            // The mark of the frame at which a teardown goes on is not in the machine.
            other.decode(words, 0);
            new Codec(RICH).encode(machine, again);
            assertEquals(withoutNext(state), Reachable.boxed(again), "from nothing");
            assertEquals(machine, new Codec(RICH).decode(again, 0));
        }
    }

    private static List<Long> withoutNext(final List<Long> state) {
        final List<Long> words = new ArrayList<>(state);
        for (int frame = 1; frame <= RICH.frames(); frame++) {
            words.set(frame - 1, words.get(frame - 1) & ~FrameWord.NEXT);
        }
        return words;
    }

    @Test
    void anyNumberingOfFramesHasTheSameEncoding() {
        final Numbering numbering = new Numbering(RICH);
        for (final List<Long> state : Reachable.of(RICH).states()) {
            final long[] raw = Reachable.words(state);
            for (final int[] names : permutations(RICH.frames())) {
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
    @Test
    void reductionLosesNothing() {
        final Reachable reduced = Reachable.of(RICH);
        final Reachable all = Reachable.of(RICH.unreduced());
        final Set<List<Long>> expected = new HashSet<>();
        for (final List<Long> state : reduced.states()) {
            for (final int[] names : permutations(RICH.frames())) {
                final long[] raw = Reachable.words(state);
                final long[] renumbered = new long[raw.length];
                Numbering.renumber(raw, names, renumbered);
                if (FrameWord.ownerOf(renumbered[0]) == 1) {
                    expected.add(Reachable.boxed(renumbered));
                }
            }
        }
        assertEquals(expected, all.states());
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
        final SmallWorld world = new SmallWorld(RICH);
        final Codec codec = new Codec(RICH);
        boolean partial = false;
        boolean dying = false;
        boolean gone = false;
        boolean interrupted = false;
        for (final List<Long> state : Reachable.of(RICH).states()) {
            final long[] words = Reachable.words(state);
            final Machine machine = codec.decode(words, 0);
            partial |= machine.frames().exists(frame -> frame.use().partial());
            gone |= !machine.has(SmallWorld.GUEST);
            dying |=
                    machine.has(SmallWorld.GUEST)
                            && machine.domain(SmallWorld.GUEST).life() == Life.DYING;
            interrupted |= (words[0] & FrameWord.NEXT) != 0;
        }
        assertTrue(dying && gone, "the guest dies");
        assertFalse(interrupted, "a table of one slot is taken apart at once");
        assertFalse(partial, "or checked at once");
        assertEquals(RICH.text(), world.configuration().replaceFirst("^small world [0-9]+: ", ""));
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
    void theRowThatMarksAnInterruptedFrameIsSeen() {
        final SmallWorld world =
                new SmallWorld(
                        WorldSize.of(
                                2, 2, EnumSet.of(Group.PINS, Group.DEATH), GuestContents.EMPTY));
        new Exploration(world).jobs(1).run();
        assertNotNull(world.rows().get(Attempts.INTERRUPTED_AT_FRAME));
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
