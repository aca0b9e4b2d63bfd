// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.listing;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;

/// Examples of an exchange for a dying domain that fails after it took frames. Real Xen goes on
/// counting them, and the domain never goes away; here it counts them no more (decision 0008).
final class ExchangeUndoExamples {

    private ExchangeUndoExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                ExchangeCalls.by(
                                D0,
                                "exchange.undo/b",
                                "a frame that a dying domain does not get back counts no more",
                                ExchangeCalls.asking(
                                        listing(
                                                MemoryCalls.dying(Scene.usual()),
                                                Vector.of(0x18L, 0x40L),
                                                Vector.of(7L)),
                                        MemoryCalls.of(1, extents(2, 0)),
                                        MemoryCalls.of(1, wanted(1, 1)),
                                        0))
                        .answers("returns -22 EINVAL")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x18).append("d1 frames: 16 -> 15")))
                        .owes(counted(0)),
                ExchangeCalls.by(
                                D0,
                                "exchange.undo/b",
                                "the frames of a dying domain are free even where there are none"
                                        + " for them",
                                ExchangeCalls.asking(
                                        listing(
                                                MemoryCalls.dying(Scene.usual()),
                                                Vector.of(0x18L),
                                                Vector.of(7L)),
                                        MemoryCalls.of(1, extents(1, 1)),
                                        MemoryCalls.of(1, wanted(1, 1)),
                                        0))
                        .observed(Choices.NONE.failing())
                        .answers("returns -12 ENOMEM")
                        .changes(
                                MemoryCalls.lines(
                                        MemoryCalls.freed(1, 0x18, 0x19)
                                                .append("d1 frames: 16 -> 14")))
                        .owes(counted(0)),
                ended());
    }

    /// The domain that was to have two frames back is destroyed to its end.
    private static Example ended() {
        Scene failed =
                ExchangeCalls.asking(
                                listing(
                                        MemoryCalls.dying(SmallScenes.tiny(2, 5)),
                                        Vector.of(4L, 40L),
                                        Vector.of(7L)),
                                MemoryCalls.of(1, extents(2, 0)),
                                MemoryCalls.of(1, wanted(1, 1)),
                                0)
                        .then(D0, new Event.Call(MemoryCalls.call(MemoryCommand.EXCHANGE)));
        return Example.of(
                        "mm.domain.relinquish/b",
                        "a dying domain that did not get a frame back goes away all the same",
                        failed,
                        D0,
                        SmallScenes.DESTROY)
                .answers("returns 0")
                .changes(MemoryCalls.lines(MemoryCalls.freed(1, 5).append("d1 is gone")));
    }
}
