// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.D2;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;

/// Examples of frames that a domain gives back.
final class DecreaseReservationExamples {

    private static final MemoryReservation ONE = extents(1, 0);

    private DecreaseReservationExamples() {}

    static Vector<Example> all() {
        return extentExamples().appendAll(refusedFrames()).appendAll(frames());
    }

    private static Example by(
            VcpuId by, String row, String title, Scene scene, MemoryReservation given) {
        return MemoryCalls.by(
                by,
                "mm.decrease." + row,
                title,
                MemoryCalls.asking(scene, given),
                MemoryCommand.DECREASE_RESERVATION);
    }

    private static Scene listing(long... frames) {
        return MemoryCalls.listing(Scene.usual(), frames);
    }

    private static Vector<Example> extentExamples() {
        return Vector.of(
                by(D1, "extent/a", "what cannot be read is not given back", Scene.usual(), ONE)
                        .answers("returns 0"),
                by(
                                D1,
                                "extent/b",
                                "the frames before one that is not given back stay given back",
                                listing(0x1e),
                                extents(1, 2))
                        .answers("returns 0")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x1e, 0x1f)
                                                .append("d1 frames: 16 -> 14"))),
                by(
                                D1,
                                "extent/c",
                                "an extent that is given back need not start at a round number",
                                listing(0x11, 0x18),
                                extents(2, 1))
                        .answers("returns 2")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x11, 0x12, 0x18, 0x19)
                                                .append("d1 frames: 16 -> 12"))));
    }

    private static Example notGiven(String row, String title, long mfn) {
        return by(D1, row, title, listing(mfn), ONE).answers("returns 0");
    }

    private static Vector<Example> refusedFrames() {
        return Vector.of(
                notGiven("frame/a", "a frame that the machine has not is not given back", 0x40),
                notGiven("frame/a", "no frame has the highest number of 64 bits", -1),
                notGiven("frame/b", "a frame of another domain is not given back", 0x20),
                notGiven("frame/b", "a free frame is not given back", 0x30),
                notGiven("frame/b", "a frame of Xen's is not given back", 1),
                notGiven("frame/b", "a device's frame is not given back", 0));
    }

    /// Frame 0x18 is the guest's table of level 1, pinned.
    private static Scene pinned() {
        return listing(0x18).mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x18);
    }

    private static Scene numbered() {
        return MemoryCalls.listing(
                MemoryCalls.after(
                        D1,
                        listing(7),
                        MemoryCommand.POPULATE_PHYSMAP,
                        ONE,
                        Choices.NONE.giving(0x30)),
                0x30);
    }

    private static Vector<Example> frames() {
        return Vector.of(
                by(D1, "frame/c", "an unused frame is free at once", listing(0x18), ONE)
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x18).append("d1 frames: 16 -> 15"))),
                by(D1, "frame/c", "a frame has no number any more when it is free", numbered(), ONE)
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x30)
                                                .append("mfn 30 m2p: 7 -> ffffffffffffffff")
                                                .append("d1 frames: 17 -> 16"))),
                by(D1, "frame/c", "a pinned table stays the domain's, and counts", pinned(), ONE)
                        .answers("returns 1")
                        .changes("mfn 18 refs: 2 -> 1", "mfn 18 allocated: true -> false"),
                by(
                                D1,
                                "frame/c",
                                "a frame that somebody uses is given back once more to no effect",
                                MemoryCalls.after(
                                        D1, pinned(), MemoryCommand.DECREASE_RESERVATION, ONE),
                                ONE)
                        .answers("returns 1"),
                by(
                                D1,
                                "frame/c",
                                "a frame that Xen shares is given back, and Xen keeps it",
                                listing(0x28),
                                ONE)
                        .answers("returns 1")
                        .changes("mfn 28 refs: 1 -> 0", "mfn 28 allocated: true -> false"),
                by(
                                D0,
                                "frame/c",
                                "a control domain gives back a frame of a guest",
                                listing(0x20),
                                MemoryCalls.of(2, ONE))
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(2, 0x20).append("d2 frames: 8 -> 7"))),
                by(
                                D2,
                                "frame/c",
                                "a claim grows by what its domain gives back",
                                MemoryCalls.claimed(listing(0x20), 2, 32),
                                ONE)
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(2, 0x20)
                                                .append("d2 frames: 8 -> 7")
                                                .append("d2 claim: 24 -> 25"))));
    }
}
