// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.asking;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.XENS;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;

/// Examples of what an exchange must be.
final class ExchangeExamples {

    private static final MemoryReservation IN = extents(1, 0);
    private static final MemoryReservation OUT = wanted(1, 0);

    private ExchangeExamples() {}

    static Vector<Example> all() {
        return Vector.of(unread(), nothing(), nothingAtAll(), exchanged(), notNamed())
                .appendAll(places())
                .appendAll(domains())
                .appendAll(counts());
    }

    /// The frame 0x18 is to give, and one numbered 7 is wanted.
    private static Scene listing() {
        return ExchangeCalls.listing(Vector.of(0x18L), Vector.of(7L));
    }

    private static Example by(VcpuId by, String row, String title, Scene scene) {
        return ExchangeCalls.by(by, "exchange/" + row, title, scene);
    }

    private static Example refused(
            VcpuId by,
            String row,
            String title,
            MemoryReservation in,
            MemoryReservation out,
            String answer) {
        return by(by, row, title, asking(listing(), in, out, 0))
                .answers("returns " + answer)
                .owes(counted(0));
    }

    private static Example unread() {
        return by(D1, "a", "what to exchange must be readable", Scene.usual())
                .answers("returns -14 EFAULT");
    }

    private static Example nothing() {
        return by(D1, "d", "where all is done nothing is left to do", asking(listing(), IN, OUT, 1))
                .answers("returns 0");
    }

    private static Example nothingAtAll() {
        MemoryReservation in = MemoryCalls.of(9, MemoryCalls.at(XENS, extents(0, 0)));
        return by(
                        D1,
                        "d",
                        "where nothing is to be done nothing else is looked at",
                        asking(listing(), in, MemoryCalls.of(9, wanted(0, 0)), 0))
                .answers("returns 0");
    }

    private static Vector<Example> places() {
        MemoryFlags node = MemoryFlags.NONE.withNode(0).with(MemoryFlags.EXACT_NODE_REQUEST);
        String fault = "-14 EFAULT";
        String invalid = "-22 EINVAL";
        return Vector.of(
                refused(
                        D1,
                        "e",
                        "the list of what is given is not in Xen's part",
                        MemoryCalls.at(XENS, IN),
                        OUT,
                        fault),
                refused(
                        D1,
                        "e",
                        "the list of what is wanted is not in Xen's part",
                        IN,
                        MemoryCalls.at(XENS, OUT),
                        fault),
                refused(
                        D1,
                        "f",
                        "a guest may not insist on a node for what it gets",
                        IN,
                        MemoryCalls.with(node, OUT),
                        invalid),
                refused(
                        D0,
                        "f",
                        "a control domain names no node of number 64 for what it gets",
                        IN,
                        MemoryCalls.with(MemoryFlags.NONE.withNode(64), OUT),
                        invalid));
    }

    private static Vector<Example> domains() {
        return Vector.of(
                refused(
                        D0,
                        "g",
                        "nothing is exchanged for a domain that does not exist",
                        MemoryCalls.of(9, IN),
                        MemoryCalls.of(9, OUT),
                        "-3 ESRCH"),
                refused(
                        D1,
                        "h",
                        "a guest does not exchange frames of another",
                        MemoryCalls.of(2, IN),
                        MemoryCalls.of(2, OUT),
                        "-1 EPERM"));
    }

    private static Example given(Example example) {
        return example.observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18)
                                        .appendAll(ExchangeCalls.gained(0x30, 7))))
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30), counted(1));
    }

    private static Example exchanged() {
        return given(
                by(D1, "i", "a guest gets a frame for a frame", asking(listing(), IN, OUT, 0)));
    }

    private static Example notNamed() {
        MemoryFlags node = MemoryFlags.NONE.withNode(0).with(MemoryFlags.EXACT_NODE_REQUEST);
        return given(
                by(
                        D1,
                        "i",
                        "what a guest says of the frames it gives does not matter",
                        asking(listing(), MemoryCalls.with(node, IN), OUT, 0)));
    }

    private static Scene noCount(Scene scene) {
        return scene.with(scene.ram().readOnly(ExchangeCalls.COUNT));
    }

    private static Vector<Example> counts() {
        return Vector.of(
                ExchangeCalls.by(
                                D1,
                                "exchange.count/a",
                                "an error is another where it cannot be said how much is done",
                                noCount(asking(listing(), extents(1, 10), OUT, 0)))
                        .answers("returns -14 EFAULT"),
                ExchangeCalls.by(
                                D1,
                                "exchange.count/a",
                                "frames are exchanged though it cannot be said how many",
                                noCount(asking(listing(), IN, OUT, 0)))
                        .observed(Choices.NONE.giving(0x30))
                        .answers("returns -14 EFAULT")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x18)
                                                .appendAll(ExchangeCalls.gained(0x30, 7))))
                        .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30)),
                ExchangeCalls.by(
                                D1,
                                "exchange.count/b",
                                "how much is done stands in the structure after an error too",
                                asking(listing(), extents(2, 10), OUT, 1))
                        .answers("returns -1 EPERM")
                        .owes(counted(1)));
    }
}
