// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Store;
import org.provisor.spec.transition.Event;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// What can be seen of both sides, and whether it is the same.
final class Comparison {

    private final Sides sides;
    private final ProbeFrames probe;
    private final TakenOver takenOver;
    private final MemorySegment callBytes;

    /// What the last look at a frame saw.
    private final @Nullable Frame[] seen;

    private final long[] seenCount;
    private final long[] seenType;
    private final long[] seenPhysical;

    Comparison(Sides sides, ProbeFrames probe, TakenOver takenOver) {
        this.sides = sides;
        this.probe = probe;
        this.takenOver = takenOver;
        callBytes = MemorySegment.ofArray(sides.memory().calls().bytes());
        seen = new @Nullable Frame[sides.table().frames()];
        seenCount = new long[sides.table().frames()];
        seenType = new long[sides.table().frames()];
        seenPhysical = new long[sides.table().frames()];
    }

    /// Forgets what earlier looks saw.
    void forget() {
        Arrays.fill(seen, null);
    }

    /// What a guest can see at once: what it handed to the call, and the words that were stored.
    @Nullable Mismatch visible(Event event, @Nullable Registers registers, List<Store> stores) {
        takenOver.after(event, registers);
        Mismatch mismatch = callMemory();
        if (mismatch != null) {
            return mismatch;
        }
        forgetShared(stores);
        for (Store store : stores) {
            mismatch =
                    switch (store) {
                        case Store.Word(Mfn mfn, int slot, long _) -> word(mfn.value(), slot);
                        case Store.Cleared(Mfn mfn) -> words(mfn.value());
                        case Store.Copied(Mfn to, Mfn _) -> words(to.value());
                        case Store.XenSlots(Mfn mfn, boolean _) -> xenSlots(mfn.value());
                    };
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    /// Xen writes into frames that it shares when it likes: what is copied from there, and from
    /// where that was copied to, is taken over.
    private void forgetShared(List<Store> stores) {
        Set<Mfn> copies = new HashSet<>();
        for (Store store : stores) {
            if (store instanceof Store.Copied(Mfn to, Mfn from)) {
                if (copies.contains(from) || sides.machine().frame(from).special()) {
                    copies.add(to);
                    sides.memory().forget(from.value());
                    sides.memory().forget(to.value());
                } else {
                    copies.remove(to);
                }
            } else if (store instanceof Store.Cleared(Mfn mfn)) {
                copies.remove(mfn);
            }
        }
    }

    private @Nullable Mismatch callMemory() {
        for (int page = 0; page < sides.callFrames().length; page++) {
            long at =
                    sides.ram()
                            .mismatch(
                                    sides.callFrames()[page] << 12, callBytes, 4096L * page, 4096);
            if (at >= 0) {
                long linear = CallMemory.START + 4096L * page + (at & ~7L);
                return Mismatch.of(
                        "call memory",
                        "call memory + " + Answers.hex(linear - CallMemory.START),
                        Answers.hex(sides.memory().calls().word(linear)),
                        Answers.hex(sides.callWord(linear)));
            }
        }
        return null;
    }

    private @Nullable Mismatch word(long mfn, int slot) {
        if (takenOver.takeMark(mfn, slot)) {
            return null;
        }
        return Mismatch.of(
                "word of a frame: " + sides.machine().frame(new Mfn(mfn)).use().type(),
                sides.numbers().text(mfn) + " slot " + slot,
                Answers.hex(sides.memory().word(mfn, slot)),
                Answers.hex(sides.ram().word(mfn, slot)));
    }

    private @Nullable Mismatch words(long mfn) {
        boolean root =
                sides.machine().frame(new Mfn(mfn)).use().type() == PageType.L4
                        && sides.machine().frame(new Mfn(mfn)).table().contents().known();
        for (int slot = sides.memory().mismatch(mfn, 0); slot >= 0; ) {
            if (root && XenSlots.has(slot)) {
                Mismatch mismatch = xenSlots(mfn);
                if (mismatch != null) {
                    return mismatch;
                }
            } else {
                Mismatch mismatch = word(mfn, slot);
                if (mismatch != null) {
                    return mismatch;
                }
            }
            slot = slot == SpecMemory.SLOTS - 1 ? -1 : sides.memory().mismatch(mfn, slot + 1);
        }
        return null;
    }

    /// Xen's slots of a root: taken over, but for whether the first shows anything.
    private @Nullable Mismatch xenSlots(long mfn) {
        long specified = sides.memory().word(mfn, XenSlots.FIRST);
        long real = sides.ram().word(mfn, XenSlots.FIRST);
        for (int slot = XenSlots.FIRST; slot <= XenSlots.LAST; slot++) {
            sides.memory().setWord(mfn, slot, sides.ram().word(mfn, slot));
        }
        return (specified & 1) == (real & 1)
                ? null
                : Mismatch.of(
                        "machine-to-physical table shown",
                        sides.numbers().text(mfn),
                        Answers.hex(specified),
                        Answers.hex(real));
    }

    /// Everything there is to compare: all of the domain's frames, what stands in them as far as it
    /// was ever looked at, the machine-to-physical table, and Xen's table of frames.
    @Nullable Mismatch everything() {
        sides.watchNew();
        Mismatch mismatch = callMemory();
        for (int i = 0; i < sides.watched().length && mismatch == null; i++) {
            int mfn = sides.watched()[i];
            mismatch = frame(mfn);
            if (mismatch == null && sides.memory().known(mfn) && !probe.has(mfn)) {
                mismatch =
                        sides.machine().frame(new Mfn(mfn)).ownedBy(XenBoot.PROBE)
                                ? words(mfn)
                                : null;
            }
        }
        return mismatch;
    }

    /// What Xen's table of frames says of one.
    @SuppressWarnings("ReferenceEquality") // What has not changed is the same object.
    private @Nullable Mismatch frame(int mfn) {
        Frame frame = sides.machine().frames().get(mfn);
        long count = sides.table().count(mfn);
        long type = sides.table().type(mfn);
        long physical = sides.table().physical(mfn);
        if (frame == seen[mfn]
                && count == seenCount[mfn]
                && type == seenType[mfn]
                && physical == seenPhysical[mfn]) {
            return null;
        }
        Mismatch mismatch =
                HiddenState.mismatch(
                        () -> sides.numbers().text(mfn), frame, sides.isOwn(mfn), count, type);
        if (mismatch == null && frame.ownedBy(XenBoot.PROBE) && frame.m2p() != physical) {
            mismatch =
                    Mismatch.of(
                            "machine-to-physical table",
                            sides.numbers().text(mfn),
                            Answers.hex(frame.m2p()),
                            Answers.hex(physical));
        }
        if (mismatch == null) {
            seen[mfn] = frame;
            seenCount[mfn] = count;
            seenType[mfn] = type;
            seenPhysical[mfn] = physical;
        }
        return mismatch;
    }
}
