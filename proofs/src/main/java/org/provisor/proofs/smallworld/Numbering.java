// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import java.util.Arrays;

/// Finds the canonical numbering of the frames of an encoded machine. For one thread.
///
/// Each frame gets a signature that does not depend on its number: what is in its own word but the
/// targets of its slots, who refers to it and from which slot, which vCPU has it as what. Frames
/// are put in the order of their signatures. Where two are equal, signatures are refined by those
/// of the neighbours; frames that are equal still are tried in every order, and the smallest
/// encoding wins. Those that lead nowhere and that nothing leads to need not be tried: they are the
/// same.
final class Numbering {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long CONNECTED = 1;
    private static final int REFINEMENTS = 2;

    private final int frames;
    private final long[] signature;
    private final long[] refined;
    private final int[] order;
    private final int[] name;
    private final int[] best;
    private final long[] candidate;
    private long connected;

    Numbering(final WorldSize size) {
        frames = size.frames();
        signature = new long[frames + 1];
        refined = new long[frames + 1];
        order = new int[frames];
        name = new int[frames + 1];
        best = new int[frames + 1];
        candidate = new long[Codec.width(size)];
    }

    /// Writes the canonical encoding of `raw` to `to`.
    void canonical(final long[] raw, final long[] to) {
        sign(raw);
        sort();
        for (int round = 0; round < REFINEMENTS && tied(); round++) {
            refine(raw);
            sort();
        }
        if (!tied()) {
            named();
            renumber(raw, name, to);
            System.arraycopy(name, 0, best, 0, name.length);
            return;
        }
        best[0] = -1;
        tryAll(raw, to, 0);
        best[0] = 0;
    }

    /// The canonical number of each frame of the machine encoded last.
    int[] names() {
        return best.clone();
    }

    /// Writes `raw` with frame `i` called `name[i]` to `to`.
    static void renumber(final long[] raw, final int[] name, final long[] to) {
        final int frames = raw.length - Codec.DOMAINS;
        for (int frame = 1; frame <= frames; frame++) {
            to[name[frame] - 1] = FrameWord.renumbered(raw[frame - 1], name);
        }
        for (int domain = frames; domain < raw.length; domain++) {
            to[domain] = DomainWord.renumbered(raw[domain], name);
        }
    }

    private void sign(final long[] raw) {
        Arrays.fill(signature, 0);
        connected = 0;
        for (int frame = 1; frame <= frames; frame++) {
            final long word = raw[frame - 1];
            long own = word >>> FrameWord.SLOTS_BITS;
            if ((word & FrameWord.KNOWN) != 0) {
                own = signSlots(frame, word, own);
            }
            signature[frame] += mix(own);
        }
        for (int domain = frames; domain < raw.length; domain++) {
            for (int vcpu = 0; vcpu < DomainWord.VCPUS; vcpu++) {
                roles(
                        DomainWord.vcpu(raw[domain], vcpu),
                        (domain - frames) * DomainWord.VCPUS + vcpu);
            }
        }
        for (int frame = 1; frame <= frames; frame++) {
            // The lowest bit says whether anything leads to or from the frame.
            signature[frame] = (signature[frame] & ~CONNECTED) | (connected >> frame & 1);
        }
    }

    private long signSlots(final int frame, final long word, final long before) {
        long own = before;
        for (int at = 0; at < FrameWord.SLOTS_BITS; at += FrameWord.SLOT_BITS) {
            final long slot = word >> at;
            if ((slot & FrameWord.PRESENT) == 0) {
                own *= 8;
                continue;
            }
            final int target = FrameWord.target(word, at);
            final long kind = slot & 3;
            final long self = target == frame ? 4 : 0;
            connected |= 1L << frame | 1L << target;
            own = (own * 8 + kind + self) * 3;
            signature[target] += mix(at * 64L + kind * 16 + self + 0x1234567);
        }
        return own;
    }

    private void roles(final int vcpu, final int number) {
        if (vcpu != 0) {
            role(vcpu >> DomainWord.ROOT, number * 16 + 1);
            role(vcpu >> DomainWord.USER_ROOT, number * 16 + 2);
            role(vcpu >> DomainWord.TABLE, number * 16 + 3);
            role(vcpu >> DomainWord.CONTAINER, number * 16 + 4);
        }
    }

    private void role(final int shifted, final int role) {
        final int frame = shifted & DomainWord.FRAME_MASK;
        connected |= 1L << frame;
        signature[frame] += mix(role + 0x7654321L);
    }

    private void refine(final long[] raw) {
        for (int frame = 1; frame <= frames; frame++) {
            refined[frame] = 0;
        }
        for (int frame = 1; frame <= frames; frame++) {
            final long word = raw[frame - 1];
            long own = signature[frame];
            if ((word & FrameWord.KNOWN) != 0) {
                for (int at = 0; at < FrameWord.SLOTS_BITS; at += FrameWord.SLOT_BITS) {
                    if ((word >> at & FrameWord.PRESENT) != 0) {
                        final int target = FrameWord.target(word, at);
                        own = mix(own * 5 + at + signature[target]);
                        refined[target] += mix(signature[frame] * 7 + at);
                    }
                }
            }
            refined[frame] += mix(own);
        }
        for (int domain = frames; domain < raw.length; domain++) {
            for (int vcpu = 0; vcpu < DomainWord.VCPUS; vcpu++) {
                refineRoles(DomainWord.vcpu(raw[domain], vcpu));
            }
        }
        for (int frame = 1; frame <= frames; frame++) {
            signature[frame] = (refined[frame] & ~CONNECTED) | (signature[frame] & CONNECTED);
        }
    }

    /// An unfinished table and its container know each other.
    private void refineRoles(final int vcpu) {
        final int table = (vcpu >> DomainWord.TABLE) & DomainWord.FRAME_MASK;
        final int container = (vcpu >> DomainWord.CONTAINER) & DomainWord.FRAME_MASK;
        if (table != container) {
            refined[table] += mix(signature[container] + 3);
            refined[container] += mix(signature[table] + 5);
        }
    }

    private void sort() {
        for (int i = 0; i < frames; i++) {
            final int frame = i + 1;
            int to = i;
            while (to > 0 && Long.compareUnsigned(signature[order[to - 1]], signature[frame]) > 0) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = frame;
        }
    }

    /// Whether two connected frames have the same signature.
    private boolean tied() {
        for (int i = 1; i < frames; i++) {
            if (tiedBefore(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean tiedBefore(final int i) {
        return i > 0
                && i < frames
                && signature[order[i]] == signature[order[i - 1]]
                && (signature[order[i]] & CONNECTED) != 0;
    }

    private void named() {
        for (int i = 0; i < frames; i++) {
            name[order[i]] = i + 1;
        }
    }

    /// Tries every order of tied frames from place `from` on.
    private void tryAll(final long[] raw, final long[] to, final int from) {
        if (from >= frames - 1) {
            named();
            renumber(raw, name, candidate);
            if (best[0] < 0 || Arrays.compareUnsigned(candidate, to) < 0) {
                best[0] = 0;
                System.arraycopy(candidate, 0, to, 0, candidate.length);
                System.arraycopy(name, 1, best, 1, frames);
            }
            return;
        }
        tryAll(raw, to, from + 1);
        for (int i = from + 1; tiedBefore(i); i++) {
            swap(from, i);
            tryAll(raw, to, from + 1);
            swap(from, i);
        }
    }

    private void swap(final int i, final int k) {
        final int frame = order[i];
        order[i] = order[k];
        order[k] = frame;
    }

    private static long mix(final long value) {
        long hash = value * MULTIPLIER;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return hash ^ hash >>> 29;
    }
}
