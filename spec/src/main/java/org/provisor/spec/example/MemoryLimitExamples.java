// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.VcpuId;

/// Examples of what a caller may ask of the allocator.
final class MemoryLimitExamples {

    private static final MemoryReservation ONE = extents(1, 0);

    private MemoryLimitExamples() {}

    static Vector<Example> all() {
        return nodes().appendAll(orders());
    }

    private static Example asks(
            VcpuId by, String row, String title, Scene scene, MemoryReservation asked) {
        return MemoryCalls.by(
                by,
                row,
                title,
                MemoryCalls.asking(scene, asked),
                MemoryCommand.INCREASE_RESERVATION);
    }

    private static Example gets(Example example, int domain, long had, long mfn) {
        return example.observed(Choices.NONE.giving(mfn))
                .answers("returns 1")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.gained(domain, mfn)
                                        .append(frames(domain, had, had + 1))))
                .owes(MemoryCalls.reused(mfn, 0), MemoryCalls.told(0, mfn));
    }

    private static String frames(int domain, long before, long after) {
        return "d" + domain + " frames: " + before + " -> " + after;
    }

    private static MemoryReservation from(int node) {
        return MemoryCalls.with(MemoryFlags.NONE.withNode(node), ONE);
    }

    private static MemoryReservation exactly(int node) {
        MemoryFlags flags = MemoryFlags.NONE.withNode(node);
        return MemoryCalls.with(flags.with(MemoryFlags.EXACT_NODE_REQUEST), ONE);
    }

    private static Example node(VcpuId by, String row, String title, MemoryReservation asked) {
        return asks(by, "mm.limits.node/" + row, title, Scene.usual(), asked);
    }

    private static Vector<Example> nodes() {
        return Vector.of(
                gets(node(D1, "a", "who names no node gets any frame", ONE), 1, 16, 0x30),
                gets(
                        node(
                                D1,
                                "a",
                                "without a node there is none to insist on",
                                exactly(MemoryFlags.NO_NODE)),
                        1,
                        16,
                        0x30),
                node(D1, "b", "a guest may not insist even on the one node", exactly(0))
                        .answers("returns 0"),
                gets(
                        node(D1, "c", "which node a guest wishes for does not matter", from(200)),
                        1,
                        16,
                        0x30),
                node(D0, "d", "a control domain names no node of number 64", from(64))
                        .answers("returns 0"),
                gets(
                        node(D0, "e", "a control domain may insist on the one node", exactly(0)),
                        0,
                        8,
                        0x30),
                gets(
                        node(D0, "f", "a node that there is not is only a wish", from(63)),
                        0,
                        8,
                        0x30),
                asks(
                                D0,
                                "mm.allocate/b",
                                "a node that there is not has no memory",
                                Scene.usual(),
                                exactly(1))
                        .answers("returns 0"));
    }

    /// What `XENMEM_exchange` says of an order: `EPERM` if it is too large, else `EINVAL`, since
    /// nothing is wanted for the extent.
    private static Example order(String title, Scene scene, long order, String row, String error) {
        return ExchangeCalls.by(
                        D1,
                        "exchange/" + row,
                        title,
                        ExchangeCalls.asking(
                                scene, extents(1, order), ExchangeCalls.wanted(0, 0), 0))
                .answers("returns " + error)
                .owes(ExchangeCalls.counted(0));
    }

    private static Scene having(IoRights rights) {
        Scene usual = Scene.usual();
        return usual.domain(usual.machine().domain(new Domid(1)).withIo(rights));
    }

    private static Vector<Example> orders() {
        Scene ports = having(new IoRights(HashSet.empty(), true, false));
        Scene memory = having(new IoRights(HashSet.of(new Mfn(0)), false, false));
        Scene device = having(new IoRights(HashSet.empty(), false, true));
        String denied = "-1 EPERM";
        String unfit = "-22 EINVAL";
        return Vector.of(
                order("an ordinary guest may name order 9", Scene.usual(), 9, "c", unfit),
                order("a guest with ports of a device may name order 12", ports, 12, "c", unfit),
                order("a guest with memory of a device may name it too", memory, 12, "c", unfit),
                order("it may name no order 13", memory, 13, "b", denied),
                order("a device without ports or memory is not enough", device, 10, "b", denied));
    }
}
