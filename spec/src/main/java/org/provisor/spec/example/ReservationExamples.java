// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.DECREASE_RESERVATION;
import static org.provisor.spec.abi.MemoryCommand.INCREASE_RESERVATION;
import static org.provisor.spec.abi.MemoryCommand.POPULATE_PHYSMAP;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;

/// Examples of what a reservation must be, for the three calls that have one: each of them returns
/// how many extents are done, never an error.
final class ReservationExamples {

    private static final MemoryReservation ONE = extents(1, 0);

    private static final MemoryFlags EXACT =
            MemoryFlags.NONE.withNode(0).with(MemoryFlags.EXACT_NODE_REQUEST);

    private ReservationExamples() {}

    static Vector<Example> all() {
        return Vector.of(INCREASE_RESERVATION, DECREASE_RESERVATION, POPULATE_PHYSMAP)
                .flatMap(ReservationExamples::refused)
                .append(ownNode())
                .append(wideEnough())
                .append(preempted())
                .append(goesOn())
                .append(stops());
    }

    private static Scene scene() {
        return MemoryCalls.listing(Scene.usual(), 0x20, 0x21);
    }

    private static Example returning(
            long start,
            VcpuId by,
            String row,
            String title,
            MemoryReservation asked,
            MemoryCommand command) {
        return MemoryCalls.from(
                        start,
                        by,
                        "mm.reservation/" + row,
                        command.xenName() + ": " + title,
                        MemoryCalls.asking(scene(), asked),
                        command)
                .answers("returns " + start);
    }

    /// What all three refuse alike.
    private static Vector<Example> refused(MemoryCommand command) {
        Example unread =
                MemoryCalls.from(
                                3,
                                D1,
                                "mm.reservation/a",
                                command.xenName() + ": what cannot be read is done up to its start",
                                Scene.usual(),
                                command)
                        .answers("returns 3");
        return Vector.of(
                unread,
                returning(0, D1, "b", "2^26 extents are too many", extents(1L << 26, 0), command),
                returning(
                        0,
                        D1,
                        "b",
                        "how many extents there are is a number without sign",
                        extents(-1, 0),
                        command),
                returning(0, D1, "c", "no extent is done at once", extents(0, 0), command),
                returning(2, D1, "c", "nothing is left after the last one", extents(2, 0), command),
                returning(
                        0,
                        D0,
                        "d",
                        "nothing is done for a domain that does not exist",
                        MemoryCalls.of(MemoryCalls.nobody().value(), ONE),
                        command),
                returning(
                        0,
                        D1,
                        "e",
                        "no frame has an address of 12 bits",
                        MemoryCalls.with(MemoryFlags.NONE.withAddressBits(12), ONE),
                        command),
                returning(
                        0,
                        D1,
                        "f",
                        "a guest may not insist on a node",
                        MemoryCalls.with(EXACT, ONE),
                        command),
                returning(
                        0,
                        D1,
                        "g",
                        "a guest does nothing to the memory of another",
                        MemoryCalls.of(2, ONE),
                        command),
                returning(
                        0,
                        D1,
                        "h",
                        "the list is not in Xen's part of the addresses",
                        MemoryCalls.at(MemoryCalls.XENS, ONE),
                        command),
                returning(
                        0, D1, "h", "a guest names no extent of order 10", extents(1, 10), command),
                returning(
                        1, D0, "h", "nobody names an extent of order 19", extents(2, 19), command));
    }

    private static Example increase(String row, String title, Scene scene) {
        return MemoryCalls.by(D1, row, title, scene, INCREASE_RESERVATION);
    }

    private static Example given(Example example, long mfn) {
        return example.observed(Choices.NONE.giving(mfn))
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(MemoryCalls.gained(1, mfn).append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(mfn, 0), MemoryCalls.told(0, mfn));
    }

    private static Example ownNode() {
        MemoryFlags own = EXACT.withNode(7).with(MemoryFlags.VNODE);
        return given(
                increase(
                        "mm.reservation/i",
                        "a node of the guest's own is not looked at, since it has none",
                        MemoryCalls.asking(scene(), MemoryCalls.with(own, ONE))),
                0x30);
    }

    private static Example wideEnough() {
        MemoryFlags bits = MemoryFlags.NONE.withAddressBits(18);
        return given(
                increase(
                        "mm.reservation/i",
                        "a limit of 18 bits is none on a machine of 64 frames",
                        MemoryCalls.asking(scene(), MemoryCalls.with(bits, ONE))),
                0x3f);
    }

    private static Example preempted() {
        return increase(
                        "mm.reservation.extents/a",
                        "a call that is preempted is made again from the next extent on",
                        MemoryCalls.asking(Scene.usual(), extents(2, 0)))
                .observed(Choices.preemptedAfter(0).giving(0x30))
                .answers(MemoryCalls.again(INCREASE_RESERVATION, 1))
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30).append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(0x30, 0), MemoryCalls.told(0, 0x30));
    }

    private static Example goesOn() {
        return MemoryCalls.from(
                        1,
                        D1,
                        "mm.reservation.extents/c",
                        "a call that goes on counts the extents done before",
                        MemoryCalls.asking(Scene.usual(), extents(2, 0)),
                        INCREASE_RESERVATION)
                .observed(Choices.preemptedAfter(0).giving(0x31))
                .answers("returns 2")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x31).append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(0x31, 0), MemoryCalls.told(1, 0x31));
    }

    private static Example stops() {
        return increase(
                        "mm.reservation.extents/b",
                        "a call stops at the first extent that is not to be had",
                        MemoryCalls.asking(Scene.usual(), extents(3, 2)))
                .observed(Choices.NONE.giving(0x30).failing())
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30, 0x31, 0x32, 0x33)
                                        .append("d1 frames: 16 -> 20")))
                .owes(MemoryCalls.reused(0x30, 2), MemoryCalls.told(0, 0x30));
    }
}
