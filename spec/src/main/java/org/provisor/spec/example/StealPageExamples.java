// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.listing;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.x86.Pte;

/// Examples of which frames can be taken out of a domain's hands, and how they come back.
final class StealPageExamples {

    private StealPageExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                refused("a", "a free frame is not exchanged", Scene.usual(), 0x30),
                refused("a", "a frame of Xen's is not exchanged", Scene.usual(), 1),
                twice(),
                refused("b", "a frame of another domain is not exchanged", Scene.usual(), 0x20),
                refused("b", "a device's frame is not exchanged", Scene.usual(), 0),
                refused("b", "a frame that Xen shares is not exchanged", Scene.usual(), 0x28),
                refused("c", "a pinned table is not exchanged", pinned(), 0x10),
                refused("c", "a frame that is mapped is not exchanged", pinned(), 0x18),
                refused("c", "a frame that was given back is not exchanged", givenBack(), 0x10),
                unmapped(),
                backAgain());
    }

    /// The guest's table 0x10, which maps 0x18 writable, is pinned.
    private static Scene pinned() {
        return Scene.usual()
                .entry(0x10, 0, Scene.writable(0x18))
                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
    }

    private static Scene givenBack() {
        return MemoryCalls.after(
                D1,
                MemoryCalls.listing(pinned(), 0x10),
                MemoryCommand.DECREASE_RESERVATION,
                extents(1, 0));
    }

    private static Scene unmappedScene() {
        return pinned().mmuUpdate(D1, 0x10, 0, Pte.EMPTY);
    }

    private static Example steals(String row, String title, Scene scene, Vector<Long> frames) {
        int count = frames.size();
        return ExchangeCalls.by(
                D1,
                row,
                title,
                ExchangeCalls.asking(
                        listing(scene, frames, Vector.of(7L)),
                        extents(count, 0),
                        wanted(1, count - 1),
                        0));
    }

    private static Example refused(String row, String title, Scene scene, long frame) {
        return steals("steal-page/" + row, title, scene, Vector.of(frame))
                .answers("returns -22 EINVAL")
                .owes(counted(0));
    }

    private static Example twice() {
        return steals(
                        "steal-page/a",
                        "a frame is not given twice",
                        Scene.usual(),
                        Vector.of(0x18L, 0x18L))
                .answers("returns -22 EINVAL")
                .owes(counted(0));
    }

    private static Example unmapped() {
        return steals(
                        "steal-page/d",
                        "a frame that was mapped writable is given, and is free without a trace",
                        unmappedScene(),
                        Vector.of(0x18L))
                .observed(Choices.NONE.giving(0x30))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18)
                                        .append(
                                                "mfn 18 type: writable x0 valid -> none x0"
                                                        + " unchecked")
                                        .append("mfn 18 stale: true -> false")
                                        .appendAll(ExchangeCalls.gained(0x30, 7))))
                .owes(MemoryCalls.reused(0x30, 0), ExchangeCalls.told(0, 0x30), counted(1));
    }

    private static Example backAgain() {
        return steals(
                        "exchange.undo/a",
                        "a frame that comes back may still be written through an old translation",
                        unmappedScene(),
                        Vector.of(0x18L, 0x20L))
                .answers("returns -22 EINVAL")
                .changes("mfn 18 type: writable x0 valid -> none x0 unchecked")
                .owes(counted(0));
    }
}
