// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Teardown;

import java.util.Arrays;

/// Machines to words and back: one word for each frame from 1 on, then one for the control domain
/// and one for the guest. For one thread.
///
/// A codec remembers the machine that it decoded last: what another machine has in common with it
/// need not be encoded anew. It also remembers frames and domains by their words.
final class Codec {

    /// Words of domains.
    static final int DOMAINS = 2;

    private static final int CACHE_BITS = 14;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final WorldSize size;
    private final Profile profile;
    private final Domain control;
    private final Domain guest;

    private final long[] words;
    private final Frame[] frames;
    private @Nullable Domains domains;

    private final long[] frameKeys = new long[1 << CACHE_BITS];
    private final @Nullable Frame[] frameValues = new @Nullable Frame[1 << CACHE_BITS];
    private final @Nullable Decoded[] domainValues = new @Nullable Decoded[1 << CACHE_BITS];

    /// Domains as decoded.
    private record Decoded(long control, long guest, int visited, Domains domains) {}

    Codec(final WorldSize size) {
        this.size = size;
        final Profile small = Profile.small(size.slots());
        profile = size.linear() ? small : small.withoutLinearTables();
        control = Domain.privileged(SmallWorld.CONTROL, size.frames(), 1);
        guest = Domain.guest(SmallWorld.GUEST, size.frames(), size.guestVcpus());
        words = new long[width(size)];
        frames = new Frame[size.frames() + 1];
        Arrays.fill(frames, Frame.MMIO);
    }

    /// Longs in an encoded machine.
    static int width(final WorldSize size) {
        return size.frames() + DOMAINS;
    }

    /// The machine at the start: first the control domain's frames, then the guest's, then free
    /// ones.
    Machine start() {
        Frame[] all = new Frame[size.frames() + 1];
        all[0] = Frame.MMIO;
        for (int frame = 1; frame <= size.frames(); frame++) {
            final boolean controls = frame <= size.controlFrames();
            final boolean guests = !controls && frame <= size.controlFrames() + size.guestFrames();
            all[frame] =
                    controls
                            ? Frame.allocatedTo(SmallWorld.CONTROL)
                            : guests ? Frame.allocatedTo(SmallWorld.GUEST) : Frame.FREE;
        }
        return new Machine(
                profile,
                Frames.of(all),
                Domains.of(
                        control.withPages(size.controlFrames(), 0),
                        guest.withPages(size.guestFrames(), 0)));
    }

    /// The machine of an encoding.
    @SuppressWarnings("ReferenceEquality") // The frame that stands for not decoded yet.
    Machine decode(final long[] state, final int at) {
        int visited = 0;
        for (int frame = 1; frame <= size.frames(); frame++) {
            final long word = state[at + frame - 1];
            if ((word & FrameWord.VISITED) != 0) {
                visited |= 1 << frame;
            }
            if (words[frame - 1] != word || frames[frame] == Frame.MMIO) {
                words[frame - 1] = word;
                frames[frame] = frame(word & ~FrameWord.OF_TEARDOWN);
            }
        }
        final int first = size.frames();
        words[first] = state[at + first];
        words[first + 1] = state[at + first + 1];
        final Domains both = domains(words[first], words[first + 1], visited);
        domains = both;
        return new Machine(profile, Frames.of(frames), both);
    }

    /// Encodes a machine, which may have parts in common with the one decoded last.
    ///
    /// @throws EncodingException if a value does not fit
    @SuppressWarnings("ReferenceEquality") // What is the same object is known; the rest is encoded.
    void encode(final Machine machine, final long[] to) {
        FrameWord.fits(machine.frames().size() == frames.length, "number of frames");
        FrameWord.fits(machine.frames().get(0).equals(Frame.MMIO), "frame 0");
        final boolean sameDomains = machine.domains() == domains;
        for (int frame = 1; frame < frames.length; frame++) {
            final Frame now = machine.frames().get(frame);
            final long known = words[frame - 1];
            to[frame - 1] =
                    now == frames[frame]
                            ? known
                            : FrameWord.of(now, size.slots(), size.frames())
                                    | (now.ownedBy(SmallWorld.GUEST)
                                            ? known & FrameWord.OF_TEARDOWN
                                            : 0);
        }
        final int first = size.frames();
        if (sameDomains) {
            to[first] = words[first];
            to[first + 1] = words[first + 1];
            return;
        }
        to[first] = word(machine, SmallWorld.CONTROL, control);
        to[first + 1] = word(machine, SmallWorld.GUEST, guest);
        FrameWord.fits(machine.domains().size() <= 2, "domains");
        visited(machine, to);
    }

    private static long word(final Machine machine, final Domid id, final Domain start) {
        return machine.has(id) ? DomainWord.of(machine.domain(id), start) : 0;
    }

    private void visited(final Machine machine, final long[] to) {
        FrameWord.fits(
                !machine.has(SmallWorld.CONTROL)
                        || machine.domain(SmallWorld.CONTROL).teardown().visited().isEmpty(),
                "teardown of the control domain");
        final Set<Mfn> visited =
                machine.has(SmallWorld.GUEST)
                        ? machine.domain(SmallWorld.GUEST).teardown().visited()
                        : HashSet.empty();
        for (int frame = 1; frame < frames.length; frame++) {
            final boolean done = !visited.isEmpty() && visited.contains(new Mfn(frame));
            to[frame - 1] =
                    done ? to[frame - 1] | FrameWord.VISITED : to[frame - 1] & ~FrameWord.VISITED;
        }
    }

    private Frame frame(final long word) {
        final int slot = (int) ((word * MIX) >>> (Long.SIZE - CACHE_BITS));
        final Frame known = frameValues[slot];
        if (known != null && frameKeys[slot] == word) {
            return known;
        }
        final Frame frame = FrameWord.frame(word, size.slots());
        frameKeys[slot] = word;
        frameValues[slot] = frame;
        return frame;
    }

    private Domains domains(final long controls, final long guests, final int visited) {
        final long key = (controls * 31 + guests) * 31 + visited;
        final int slot = (int) ((key * MIX) >>> (Long.SIZE - CACHE_BITS));
        final Decoded known = domainValues[slot];
        if (known != null
                && known.control == controls
                && known.guest == guests
                && known.visited == visited) {
            return known.domains;
        }
        Domains all = Domains.NONE;
        if (controls != 0) {
            all = all.with(DomainWord.domain(controls, control));
        }
        if (guests != 0) {
            all = all.with(guest(guests, visited));
        }
        domainValues[slot] = new Decoded(controls, guests, visited, all);
        return all;
    }

    private Domain guest(final long word, final int visited) {
        final Domain domain = DomainWord.domain(word, guest);
        Teardown teardown = domain.teardown();
        for (int frame = 1; frame <= size.frames(); frame++) {
            if ((visited >> frame & 1) != 0) {
                teardown = teardown.visiting(new Mfn(frame));
            }
        }
        return domain.withTeardown(teardown);
    }
}
