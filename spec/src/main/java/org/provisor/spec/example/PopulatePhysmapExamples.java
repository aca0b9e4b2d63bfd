// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.FRAMES;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.VcpuId;

/// Examples of frames that a domain gets at numbers of its own.
final class PopulatePhysmapExamples {

    private static final MemoryFlags ON_DEMAND =
            MemoryFlags.NONE.with(MemoryFlags.POPULATE_ON_DEMAND);

    private PopulatePhysmapExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                unread(),
                onDemand(),
                ofAnyOrder(),
                forAnother(),
                tooMany(),
                unwritable(),
                numbered(),
                andSoOn(),
                around(),
                forDevices());
    }

    private static Example by(
            VcpuId by, String row, String title, Scene scene, MemoryReservation asked) {
        return MemoryCalls.by(
                by, row, title, MemoryCalls.asking(scene, asked), MemoryCommand.POPULATE_PHYSMAP);
    }

    private static Example asks(String row, String title, Scene scene, MemoryReservation asked) {
        return by(D1, "mm." + row, title, scene, asked);
    }

    private static Scene listing(long... numbers) {
        return MemoryCalls.listing(Scene.usual(), numbers);
    }

    private static Example unread() {
        return asks(
                        "populate.extent/a",
                        "without a number that can be read there is no frame",
                        Scene.usual(),
                        extents(1, 0))
                .answers("returns 0");
    }

    private static Example onDemand() {
        return asks(
                        "populate.extent/b",
                        "a domain finds no frames for itself on demand",
                        listing(7),
                        MemoryCalls.with(ON_DEMAND, extents(1, 0)))
                .answers("returns 0");
    }

    private static Example ofAnyOrder() {
        return asks(
                        "populate.extent/b",
                        "on demand a guest may name an order that it may not have otherwise",
                        listing(7),
                        MemoryCalls.with(ON_DEMAND, extents(1, 18)))
                .answers("returns 0");
    }

    private static Example forAnother() {
        return by(
                        D0,
                        "mm.populate.extent/c",
                        "frames on demand for a paravirtual domain are none",
                        listing(7, 8),
                        MemoryCalls.of(1, MemoryCalls.with(ON_DEMAND, extents(2, 0))))
                .answers("returns 2");
    }

    private static Example tooMany() {
        return asks(
                        "populate.extent/d",
                        "a domain gets no frames beyond its limit at whatever number",
                        listing(0x40),
                        extents(1, 5))
                .answers("returns 0");
    }

    private static Example unwritable() {
        Scene listing = listing(7);
        return asks(
                        "populate.extent/e",
                        "a frame that a domain cannot be told of has the domain's number all the"
                                + " same",
                        listing.with(listing.ram().readOnly(FRAMES)),
                        extents(1, 0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30)
                                        .append(MemoryCalls.numbered(0x30, 7))
                                        .append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(0x30, 0));
    }

    private static Example numbered() {
        return asks(
                        "populate.extent/f",
                        "a frame gets the number that the domain says, and the entry the frame's",
                        listing(7),
                        extents(1, 0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30)
                                        .append(MemoryCalls.numbered(0x30, 7))
                                        .append("d1 frames: 16 -> 17")))
                .owes(MemoryCalls.reused(0x30, 0), MemoryCalls.told(0, 0x30));
    }

    private static Vector<String> pair(long first, long second) {
        return MemoryCalls.gained(1, 0x30)
                .appendAll(
                        first == -1 ? Vector.empty() : Vector.of(MemoryCalls.numbered(0x30, first)))
                .appendAll(MemoryCalls.gained(1, 0x31))
                .append(MemoryCalls.numbered(0x31, second))
                .append("d1 frames: 16 -> 18");
    }

    private static Example andSoOn() {
        return asks(
                        "physmap.add/b",
                        "the frames of an extent get numbers that follow each other",
                        listing(7),
                        extents(1, 1))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 1")
                .changes(MemoryCalls.lines(pair(7, 8)))
                .owes(MemoryCalls.reused(0x30, 1), MemoryCalls.told(0, 0x30));
    }

    private static Example around() {
        return asks(
                        "physmap.add/b",
                        "after the last number of 64 bits comes zero",
                        listing(-1),
                        extents(1, 1))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 1")
                .changes(MemoryCalls.lines(pair(-1, 0)))
                .owes(MemoryCalls.reused(0x30, 1), MemoryCalls.told(0, 0x30));
    }

    private static Example forDevices() {
        Scene usual = listing(7);
        IoRights device = new IoRights(HashSet.empty(), false, true);
        return asks(
                        "physmap.add/a",
                        "the frame of a domain with a device is writable from the start, for the"
                                + " device",
                        usual.domain(usual.machine().domain(new Domid(1)).withIo(device)),
                        extents(1, 0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(1, 0x30)
                                        .append(
                                                "mfn 30 type: none x0 unchecked -> writable x0"
                                                        + " valid")
                                        .append(MemoryCalls.numbered(0x30, 7))
                                        .append("d1 frames: 16 -> 17")))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MmuextCalls.newType(0x30),
                        MemoryCalls.told(0, 0x30));
    }
}
