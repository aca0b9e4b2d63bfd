// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.asking;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.listing;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.state.Choices;

/// Examples of an exchange that takes several chunks.
final class ExchangeProgressExamples {

    private ExchangeProgressExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                preempted(),
                notCounted(),
                goesOn(),
                roundedDown(),
                reachesBack(),
                secondFails(),
                dying(),
                finished());
    }

    private static Example by(String row, String title, Scene scene) {
        return ExchangeCalls.by(D1, "exchange." + row, title, scene);
    }

    /// The frames 0x18 and 0x19 for two others, so many given before.
    private static Scene two(long done) {
        return asking(
                listing(Vector.of(0x18L, 0x19L), Vector.of(4L, 5L)),
                extents(2, 0),
                wanted(2, 0),
                done);
    }

    private static Example first(Example example) {
        return example.changes(
                MemoryCalls.lines(
                        MemoryCalls.freed(1, 0x18).appendAll(ExchangeCalls.gained(0x30, 4))));
    }

    private static Example preempted() {
        return first(
                        by(
                                "chunks/a",
                                "an exchange that is preempted is counted and made again as it is",
                                two(0)))
                .observed(Choices.preemptedAfter(0).giving(0x30))
                .answers(ExchangeCalls.again())
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30), counted(1));
    }

    private static Example notCounted() {
        Scene two = two(0);
        return first(
                        by(
                                "chunks/a",
                                "an exchange that cannot be counted is not made again",
                                two.with(two.ram().readOnly(ExchangeCalls.COUNT))))
                .observed(Choices.preemptedAfter(0).giving(0x30))
                .answers("returns -14 EFAULT")
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30));
    }

    private static Example goesOn() {
        return by("chunks/d", "an exchange goes on behind what is counted", two(1))
                .observed(Choices.preemptedAfter(0).giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x19)
                                        .appendAll(ExchangeCalls.gained(0x30, 5))))
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(1, 0x30), counted(2));
    }

    private static Example roundedDown() {
        return by(
                        "chunks/d",
                        "a count within a chunk means the chunk from its start",
                        asking(
                                listing(Vector.of(0x18L, 0x19L), Vector.of(4L)),
                                extents(2, 0),
                                wanted(1, 1),
                                1))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19)
                                        .appendAll(ExchangeCalls.gained(0x30, 4))
                                        .appendAll(ExchangeCalls.gained(0x31, 5))))
                .owes(MemoryCalls.reused(0x30, 1), ExchangeCalls.told(0, 0x30), counted(2));
    }

    private static Example reachesBack() {
        GuestAddress end = new GuestAddress(ReservedAddresses.HYPERVISOR_VIRT_END);
        return by(
                        "chunk/a",
                        "a chunk done from its start does not reach back into Xen's part",
                        asking(
                                MemoryCalls.listing(end, Scene.usual(), 0x19),
                                MemoryCalls.at(end.plus(-8), extents(2, 0)),
                                wanted(1, 1),
                                1))
                .answers("returns -14 EFAULT")
                .owes(counted(0));
    }

    private static Example secondFails() {
        return first(
                        by(
                                "chunks/b",
                                "the chunks before one that fails stay exchanged, and are counted",
                                asking(
                                        listing(Vector.of(0x18L, 0x20L), Vector.of(4L, 5L)),
                                        extents(2, 0),
                                        wanted(2, 0),
                                        0)))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns -22 EINVAL")
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30), counted(1));
    }

    private static Example dying() {
        return ExchangeCalls.by(
                        D0,
                        "exchange.chunks/c",
                        "an exchange for a dying domain ends well after one chunk, and counts none",
                        asking(
                                listing(
                                        MemoryCalls.dying(Scene.usual()),
                                        Vector.of(0x18L, 0x1aL),
                                        Vector.of(4L, 6L)),
                                MemoryCalls.of(1, extents(2, 1)),
                                MemoryCalls.of(1, wanted(2, 1)),
                                0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19).append("d1 frames: 16 -> 14")))
                .owes(MemoryCalls.reused(0x30, 1), counted(0));
    }

    private static Example finished() {
        return by("chunks/d", "an exchange of two chunks is done", two(0))
                .observed(Choices.preemptedAfter(1).giving(0x30, 0x31))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19)
                                        .appendAll(ExchangeCalls.gained(0x30, 4))
                                        .appendAll(ExchangeCalls.gained(0x31, 5))))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MemoryCalls.reused(0x31, 0),
                        ExchangeCalls.told(0, 0x30),
                        ExchangeCalls.told(1, 0x31),
                        counted(2));
    }
}
