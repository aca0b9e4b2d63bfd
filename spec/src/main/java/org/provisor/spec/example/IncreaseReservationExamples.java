// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.FRAMES;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;

/// Examples of frames that a domain gets without a number of its own.
final class IncreaseReservationExamples {

    private IncreaseReservationExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                none(), tooLarge(), noList(), unwritable(), behindTheEnd(), several(), written());
    }

    private static Example by(
            VcpuId by, String row, String title, Scene scene, MemoryReservation asked) {
        return MemoryCalls.by(
                by,
                row,
                title,
                MemoryCalls.asking(scene, asked),
                MemoryCommand.INCREASE_RESERVATION);
    }

    private static Example asks(String row, String title, Scene scene, MemoryReservation asked) {
        return by(D1, row, title, scene, asked);
    }

    private static Example none() {
        return asks(
                        "mm.increase.extent/a",
                        "what there is not in one piece is not given in several",
                        Scene.usual(),
                        extents(1, 4))
                .observed(Choices.NONE.failing())
                .answers("returns 0");
    }

    private static Example tooLarge() {
        return by(
                        D0,
                        "mm.increase.extent/a",
                        "an extent that a control domain may name is not always to be had",
                        Scene.usual(),
                        extents(1, 18))
                .answers("returns 0");
    }

    private static Example noList() {
        return asks(
                        "mm.increase.extent/b",
                        "without a list a domain gets frames, and is not told which",
                        Scene.usual(),
                        MemoryCalls.at(GuestAddress.NULL, extents(2, 0)))
                .observed(Choices.NONE.giving(0x30, 0x29))
                .answers("returns 2")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x29, 0x30).append("d1 frames: 16 -> 18")))
                .owes(MemoryCalls.reused(0x30, 0), MemoryCalls.reused(0x29, 0));
    }

    private static Example unwritable() {
        Scene usual = Scene.usual();
        return asks(
                        "mm.increase.extent/c",
                        "a frame that a domain cannot be told of is its own and does not count as"
                                + " done",
                        usual.with(usual.ram().readOnly(FRAMES)),
                        extents(2, 0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30).append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(0x30, 0));
    }

    private static Example behindTheEnd() {
        return asks(
                        "mm.extent-list.write/a",
                        "a list may start well and go on where nothing can be written",
                        Scene.usual(),
                        MemoryCalls.at(MemoryCalls.LAST, extents(2, 0)))
                .observed(Choices.NONE.giving(0x30, 0x31))
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30, 0x31).append("d1 frames: 16 -> 18")))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MemoryCalls.reused(0x31, 0),
                        MemoryCalls.told(MemoryCalls.LAST, 0, 0x30));
    }

    private static Example several() {
        return asks(
                        "mm.increase.extent/d",
                        "an extent is told by its first frame",
                        Scene.usual(),
                        extents(2, 1))
                .observed(Choices.NONE.giving(0x32, 0x30))
                .answers("returns 2")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30, 0x31, 0x32, 0x33)
                                        .append("d1 frames: 16 -> 20")))
                .owes(
                        MemoryCalls.reused(0x32, 1),
                        MemoryCalls.reused(0x30, 1),
                        MemoryCalls.told(0, 0x32),
                        MemoryCalls.told(1, 0x30));
    }

    private static Example written() {
        return by(
                        D0,
                        "mm.extent-list.write/b",
                        "the caller is told of a frame that another domain gets",
                        Scene.usual(),
                        MemoryCalls.of(2, extents(1, 0)))
                .observed(Choices.NONE.giving(0x3f))
                .answers("returns 1")
                .changes(MemoryCalls.lines(MemoryCalls.gained(2, 0x3f).append("d2 frames: 8 -> 9")))
                .owes(MemoryCalls.reused(0x3f, 0), MemoryCalls.told(0, 0x3f));
    }
}
