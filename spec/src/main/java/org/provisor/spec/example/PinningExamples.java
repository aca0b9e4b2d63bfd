// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.transition.Event;

/// Examples of pinning and unpinning.
final class PinningExamples {

    private PinningExamples() {}

    static Vector<Example> all() {
        return Vector.of(pinned(), somebodyElses(), twice(), unpinned(), notPinned());
    }

    private static Scene table() {
        return Scene.usual().entry(0x10, 0, Scene.writable(0x14));
    }

    private static Scene pinnedTable() {
        return table().mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
    }

    private static Example example(
            String row, String title, Scene scene, MmuextCommand command, long mfn) {
        return Example.of(
                row,
                title,
                scene.list(MmuextOp.of(command, mfn)),
                D1,
                new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)));
    }

    private static Example pinned() {
        return example(
                        "mm.pin/g",
                        "a frame whose entries can be held is pinned as a level 1 table",
                        table(),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid pinned",
                        "mfn 10[0]: - -> mfn 14 rw+124",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> writable x1 valid")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 10, wasTable=false]",
                        "flush TypeChange[owner=d1, mfn=mfn 14, wasTable=false]",
                        "write 1 at va 20000, 4 bytes");
    }

    private static Example somebodyElses() {
        return example(
                        "mm.pin/b",
                        "a frame of another domain is not pinned",
                        table(),
                        MmuextCommand.PIN_L1_TABLE,
                        0x20)
                .answers("returns -22 EINVAL")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example twice() {
        return example(
                        "mm.pin/e",
                        "a level 1 table is not pinned twice",
                        pinnedTable(),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns -22 EINVAL")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example unpinned() {
        return example(
                        "mm.unpin/d",
                        "unpinning the last use of a table takes it apart",
                        pinnedTable(),
                        MmuextCommand.UNPIN_TABLE,
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid pinned -> l1 x0 unchecked",
                        "mfn 14 refs: 2 -> 1",
                        "mfn 14 type: writable x1 valid -> writable x0 valid",
                        "mfn 14 stale: false -> true")
                .owes("write 1 at va 20000, 4 bytes");
    }

    private static Example notPinned() {
        return example(
                        "mm.unpin/b",
                        "a frame that is not pinned is not unpinned",
                        table(),
                        MmuextCommand.UNPIN_TABLE,
                        0x10)
                .answers("returns -22 EINVAL")
                .owes("write 0 at va 20000, 4 bytes");
    }
}
