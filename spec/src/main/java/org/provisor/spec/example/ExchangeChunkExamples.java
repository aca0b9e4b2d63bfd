// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.asking;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.listing;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.D2;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;

/// Examples of one chunk of an exchange.
final class ExchangeChunkExamples {

    private ExchangeChunkExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                unread(),
                missing(),
                inUse(),
                notInOnePiece(),
                notAll(),
                ownClaim(),
                dying(),
                joined());
    }

    private static Example by(String row, String title, Scene scene) {
        return ExchangeCalls.by(D1, "exchange." + row, title, scene);
    }

    /// Two single frames for a pair, of which the guest has cleared 0x18.
    private static Scene pair(Vector<Long> frames) {
        Scene cleared = Scene.usual().mmuext(D1, MmuextCommand.CLEAR_PAGE, 0x18);
        return asking(listing(cleared, frames, Vector.of(6L)), extents(2, 0), wanted(1, 1), 0);
    }

    private static Example untyped(Example example, String answer) {
        return example.answers("returns " + answer)
                .changes("mfn 18 type: writable x0 valid -> none x0 unchecked");
    }

    private static Example unread() {
        return untyped(
                        by(
                                "chunk/a",
                                "a chunk of which not all can be read is not exchanged",
                                pair(Vector.of(0x18L))),
                        "-14 EFAULT")
                .owes(counted(0));
    }

    private static Example missing() {
        return untyped(
                        by(
                                "chunk/b",
                                "a chunk with a frame that the machine has not is not exchanged",
                                pair(Vector.of(0x18L, 0x40L))),
                        "-22 EINVAL")
                .owes(counted(0));
    }

    private static Example inUse() {
        Scene pair = pair(Vector.of(0x18L, 0x19L));
        return untyped(
                        by(
                                "chunk/c",
                                "a chunk with a frame in use is not exchanged, and the others are"
                                        + " of no type any more",
                                pair.mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x19)),
                        "-22 EINVAL")
                .owes(counted(0));
    }

    private static Example notInOnePiece() {
        return untyped(
                        by(
                                "chunk/d",
                                "what there is not in one piece is not exchanged",
                                pair(Vector.of(0x18L, 0x19L))),
                        "-12 ENOMEM")
                .observed(Choices.NONE.failing())
                .owes(counted(0));
    }

    private static Example notAll() {
        return by(
                        "chunk/d",
                        "frames that were got for a chunk are free again if there are not enough",
                        asking(
                                listing(Vector.of(0x14L), Vector.of(4L, 6L)),
                                extents(1, 2),
                                wanted(2, 1),
                                0))
                .observed(Choices.NONE.giving(0x30).failing())
                .answers("returns -12 ENOMEM")
                .owes(MemoryCalls.reused(0x30, 1), counted(0));
    }

    private static Example ownClaim() {
        Scene claimed = MemoryCalls.claimed(Scene.usual(), 2, 32);
        return ExchangeCalls.by(
                        D2,
                        "exchange.chunk/d",
                        "what is kept back for a domain is not for its exchanges",
                        asking(
                                listing(claimed, Vector.of(0x20L), Vector.of(0L)),
                                extents(1, 3),
                                wanted(1, 3),
                                0))
                .answers("returns -12 ENOMEM")
                .owes(counted(0));
    }

    private static Example dying() {
        return ExchangeCalls.by(
                        D0,
                        "exchange.chunk/e",
                        "a dying domain gives its frame and gets none for it",
                        asking(
                                listing(
                                        MemoryCalls.dying(Scene.usual()),
                                        Vector.of(0x18L),
                                        Vector.of(7L)),
                                MemoryCalls.of(1, extents(1, 0)),
                                MemoryCalls.of(1, wanted(1, 0)),
                                0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(MemoryCalls.freed(1, 0x18).append("d1 frames: 16 -> 15")))
                .owes(MemoryCalls.reused(0x30, 0), counted(0));
    }

    private static Example joined() {
        return by(
                        "chunk/f",
                        "two frames are given for two that follow each other",
                        asking(
                                listing(Vector.of(0x18L, 0x1aL), Vector.of(6L)),
                                extents(2, 0),
                                wanted(1, 1),
                                0))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x1a)
                                        .appendAll(ExchangeCalls.gained(0x30, 6))
                                        .appendAll(ExchangeCalls.gained(0x31, 7))))
                .owes(MemoryCalls.reused(0x30, 1), ExchangeCalls.told(0, 0x30), counted(2));
    }
}
