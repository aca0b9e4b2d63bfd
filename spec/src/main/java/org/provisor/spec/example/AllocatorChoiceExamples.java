// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Profile;

/// Examples of what the allocator may be seen to do, and of what it may not: each would show that
/// what was observed is no Xen.
final class AllocatorChoiceExamples {

    private static final MemoryReservation ONE = extents(1, 0);
    private static final MemoryReservation PAIR = extents(1, 1);

    private static final String STOPPED =
            "I1: the rules go no further than what was observed wrongly";

    private AllocatorChoiceExamples() {}

    static Vector<Example> all() {
        return given().appendAll(kept()).appendAll(none());
    }

    private static Example asks(
            String row, String title, Scene scene, MemoryReservation asked, Choices seen) {
        return MemoryCalls.by(
                        D1,
                        row,
                        title,
                        MemoryCalls.asking(scene, asked),
                        MemoryCommand.INCREASE_RESERVATION)
                .observed(seen);
    }

    private static Example wrong(Scene scene, MemoryReservation asked, long mfn, String title) {
        return asks("mm.allocate/c", title, scene, asked, Choices.NONE.giving(mfn))
                .answers(
                        "not allowed: mfn "
                                + Long.toHexString(mfn)
                                + " was given, but is not what was asked for");
    }

    private static Vector<Example> given() {
        MemoryReservation low =
                MemoryCalls.with(MemoryFlags.NONE.withAddressBits(17), extents(1, 0));
        Scene odd =
                Scene.of(Profile.XEN_4_17, 0x31).domain(Domain.guest(Trees.ONE, 32, 2), 0x10, 0x1f);
        return Vector.of(
                wrong(Scene.usual(), PAIR, 0x31, "a pair of frames starts at an even one"),
                wrong(Scene.usual(), ONE, 0x40, "no frame is given that the machine has not"),
                wrong(odd, PAIR, 0x30, "no pair is given of which the machine has one"),
                wrong(Scene.usual(), low, 0x30, "no frame is given above the address asked for"),
                asks(
                                "mm.allocate/c",
                                "a frame of another domain is not given",
                                Scene.usual(),
                                ONE,
                                Choices.NONE.giving(0x20))
                        .answers("not allowed: mfn 20 was given, but is not free"),
                asks(
                                "mm.allocate/c",
                                "no pair is given of which one is free",
                                Scene.usual().frame(0x31, Frame.XEN),
                                PAIR,
                                Choices.NONE.giving(0x30))
                        .answers("not allowed: mfn 31 was given, but is not free")
                        .changes("mfn 30 special: false -> true")
                        .breaks(STOPPED));
    }

    private static Vector<Example> kept() {
        Scene last =
                Scene.of(Profile.XEN_4_17, 0x21)
                        .domain(Domain.privileged(new Domid(0), 32, 2), 0, 0xf)
                        .domain(Domain.guest(Trees.ONE, 32, 2), 0x10, 0x1f);
        return Vector.of(
                asks(
                                "mm.memory-op/g",
                                "frames that are kept back for another are not given",
                                MemoryCalls.claimed(Scene.usual(), 2, 32),
                                extents(1, 3),
                                Choices.NONE.giving(0x30))
                        .answers("not allowed: frames were given that must be kept back"),
                asks(
                                "mm.allocate/c",
                                "the last free frame is for the domain it is kept back for",
                                MemoryCalls.claimed(last, 1, 17),
                                ONE,
                                Choices.NONE.giving(0x20))
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.gained(1, 0x20)
                                                .append("d1 frames: 16 -> 17")
                                                .append("d1 claim: 1 -> 0")))
                        .owes(MemoryCalls.reused(0x20, 0), MemoryCalls.told(0, 0x20)),
                asks(
                                "mm.allocate/c",
                                "a domain that gets more than is kept back has nothing kept back",
                                MemoryCalls.claimed(Scene.usual(), 1, 17),
                                PAIR,
                                Choices.NONE.giving(0x30))
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.gained(1, 0x30, 0x31)
                                                .append("d1 frames: 16 -> 18")
                                                .append("d1 claim: 1 -> 0")))
                        .owes(MemoryCalls.reused(0x30, 1), MemoryCalls.told(0, 0x30)));
    }

    private static Vector<Example> none() {
        MemoryReservation low = MemoryCalls.with(MemoryFlags.NONE.withAddressBits(17), ONE);
        MemoryReservation all = MemoryCalls.with(MemoryFlags.NONE.withAddressBits(18), ONE);
        return Vector.of(
                asks(
                                "mm.memory-op/g",
                                "where a frame must be given something is observed",
                                Scene.usual(),
                                ONE,
                                Choices.NONE)
                        .answers("not allowed: no allocation was observed where there must be one"),
                asks(
                                "mm.memory-op/g",
                                "one frame is not refused while there is a free one",
                                Scene.usual(),
                                ONE,
                                Choices.NONE.failing())
                        .answers("not allowed: there is a free frame, but it was not given"),
                asks(
                                "mm.memory-op/g",
                                "an address that every frame has is no limit",
                                Scene.usual(),
                                all,
                                Choices.NONE.failing())
                        .answers("not allowed: there is a free frame, but it was not given"),
                asks(
                                "mm.allocate/d",
                                "memory may be free, but none in the lower half",
                                Scene.usual(),
                                low,
                                Choices.NONE.failing())
                        .answers("returns 0"),
                MemoryCalls.by(
                                D1,
                                "mm.memory-op/g",
                                "where an extent is populated something is observed",
                                MemoryCalls.asking(MemoryCalls.listing(Scene.usual(), 0x7), ONE),
                                MemoryCommand.POPULATE_PHYSMAP)
                        .answers("not allowed: no allocation was observed where there must be one"),
                ExchangeCalls.by(
                                D1,
                                "memory-op/g",
                                "where a frame is exchanged something is observed",
                                ExchangeCalls.asking(
                                        ExchangeCalls.listing(Vector.of(0x18L), Vector.of(7L)),
                                        ONE,
                                        ExchangeCalls.wanted(1, 0),
                                        0))
                        .answers("not allowed: no allocation was observed where there must be one")
                        .changes(
                                "mfn 18 owner: d1 -> no domain",
                                "mfn 18 refs: 1 -> 0",
                                "mfn 18 allocated: true -> false",
                                "mfn 18 special: false -> true")
                        .breaks(STOPPED));
    }
}
