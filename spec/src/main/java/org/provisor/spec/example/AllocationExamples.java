// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.D2;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.VcpuId;

/// Examples of where new frames come from: from which part of memory, out of which claim, and to
/// whom they may go.
final class AllocationExamples {

    private static final MemoryReservation ONE = extents(1, 0);

    private AllocationExamples() {}

    static Vector<Example> all() {
        return memory().appendAll(claims()).appendAll(domains());
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

    private static Vector<Example> memory() {
        MemoryFlags bits = MemoryFlags.NONE.withAddressBits(15);
        return Vector.of(
                gets(
                        asks(
                                D1,
                                "mm.allocate/c",
                                "whoever wants addresses of 15 bits gets one of the first frames",
                                Scene.usual(),
                                MemoryCalls.with(bits, ONE)),
                        1,
                        16,
                        0x7),
                asks(
                                D1,
                                "mm.allocate/d",
                                "memory may be free, but not in one piece",
                                Scene.usual(),
                                extents(1, 4))
                        .observed(Choices.NONE.failing())
                        .answers("returns 0"),
                asks(
                                D1,
                                "mm.allocate/d",
                                "memory may be free, but none with so short an address",
                                Scene.usual(),
                                MemoryCalls.with(MemoryFlags.NONE.withAddressBits(13), ONE))
                        .observed(Choices.NONE.failing())
                        .answers("returns 0"));
    }

    /// Of 29 free frames 24 are kept back for d2.
    private static Scene claimed() {
        return MemoryCalls.claimed(Scene.usual(), 2, 32);
    }

    private static Vector<Example> claims() {
        return Vector.of(
                asks(
                                D1,
                                "mm.allocate/a",
                                "frames kept back for one domain are not given to another",
                                claimed(),
                                extents(1, 3))
                        .answers("returns 0"),
                asks(
                                D1,
                                "mm.allocate/c",
                                "what is not kept back is for everybody",
                                claimed(),
                                extents(1, 2))
                        .observed(Choices.NONE.giving(0x30))
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.gained(1, 0x30, 0x31, 0x32, 0x33)
                                                .append(frames(1, 16, 20))))
                        .owes(MemoryCalls.reused(0x30, 2), MemoryCalls.told(0, 0x30)),
                asks(
                                D2,
                                "mm.allocate/c",
                                "a domain gets what is kept back for it, and the claim shrinks",
                                claimed(),
                                extents(1, 3))
                        .observed(Choices.NONE.giving(0x38))
                        .answers("returns 1")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.gained(
                                                        2, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e,
                                                        0x3f)
                                                .append(frames(2, 8, 16))
                                                .append("d2 claim: 24 -> 16")))
                        .owes(MemoryCalls.reused(0x38, 3), MemoryCalls.told(0, 0x38)));
    }

    private static Vector<Example> domains() {
        return Vector.of(
                asks(
                                D0,
                                "mm.assign/a",
                                "a dying domain gets no more frames",
                                MemoryCalls.dying(Scene.usual()),
                                MemoryCalls.of(1, ONE))
                        .answers("returns 0"),
                asks(
                                D1,
                                "mm.assign/b",
                                "a domain gets no more frames than it may have",
                                Scene.usual(),
                                extents(1, 5))
                        .answers("returns 0"),
                asks(
                                D1,
                                "mm.assign/b",
                                "a domain that has as many frames as it may gets not one more",
                                full(),
                                ONE)
                        .answers("returns 0"),
                asks(
                                D0,
                                "mm.assign/b",
                                "frames for a domain count for it, not for the caller",
                                Scene.usual(),
                                MemoryCalls.of(1, extents(1, 5)))
                        .answers("returns 0"),
                gets(
                        asks(
                                D0,
                                "mm.assign/c",
                                "a control domain gets a frame for a guest, and is told where",
                                Scene.usual(),
                                MemoryCalls.of(1, ONE)),
                        1,
                        16,
                        0x30));
    }

    /// The usual scene, but d1 may have no more than its 16 frames.
    private static Scene full() {
        return Scene.usual().domain(Domain.guest(new Domid(1), 16, 2).withPages(16, 0));
    }
}
