// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.FLUSH;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of what an entry of a level 2, 3 or 4 table holds and lets go of.
final class TableEntryExamples {

    private TableEntryExamples() {}

    static Vector<Example> all() {
        return checked().appendAll(put());
    }

    private static Example pin(String row, String title, Scene scene, MmuextOp operation) {
        return Example.of(
                row,
                title,
                scene.list(operation),
                D1,
                new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)));
    }

    private static Vector<Example> checked() {
        Scene large = Trees.written().entry(0x12, 0, Scene.writable(0x10).with(Pte.PAGE_SIZE));
        return Vector.of(
                pin(
                                "mm.entry.get-table/a",
                                "a table with a large page in it is not checked as level 2",
                                large,
                                MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 0x12))
                        .answers("returns -22 EINVAL")
                        .owes("flush TypeChange[owner=d1, mfn=mfn 12, wasTable=false]", NONE_DONE),
                request(
                                "mm.entry.get-table/b",
                                "a table that another entry leads to already is held once more",
                                Trees.pinnedL3(),
                                set(0x13, 511, Scene.writable(0x12)))
                        .answers("returns 0")
                        .changes(
                                "mfn 12 refs: 2 -> 3",
                                "mfn 12 type: l2 x1 valid -> l2 x2 valid",
                                "mfn 13[511]: - -> mfn 12 rw+24")
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.get-table/d",
                                "a frame in use as memory is no table below",
                                Trees.pinnedL2(),
                                set(0x12, 1, Scene.readOnly(0x14)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE));
    }

    private static Vector<Example> put() {
        Scene self = Trees.pinnedL2().mmuUpdate(D1, 0x12, 1, Scene.readOnly(0x12));
        String[] apart = {
            "mfn 10 refs: 2 -> 1",
            "mfn 10 type: l1 x1 valid -> l1 x0 unchecked",
            "mfn 12 refs: 2 -> 1",
            "mfn 12 type: l2 x1 valid pinned -> l2 x0 unchecked",
            "mfn 14 refs: 2 -> 1",
            "mfn 14 type: writable x1 valid -> writable x0 valid",
            "mfn 14 stale: false -> true"
        };
        return Vector.of(
                pin(
                                "mm.entry.put-table/a",
                                "an entry for its own table lets go of nothing",
                                self,
                                MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x12))
                        .answers("returns 0")
                        .changes(apart)
                        .owes(ONE_DONE),
                pin(
                                "mm.entry.put-table/b",
                                "a table taken apart lets go of the tables below",
                                Trees.pinnedL2(),
                                MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x12))
                        .answers("returns 0")
                        .changes(apart)
                        .owes(ONE_DONE),
                pin(
                                "mm.entry.put-table/c",
                                "a teardown that is cut short below keeps the entry's reference",
                                Trees.pinnedL3(),
                                MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x13))
                        .observed(Choices.preemptedAfter(511))
                        .answers(Trees.again(Invocation.MmuextOpCall.carrying(0)))
                        .changes(
                                "mfn 12 refs: 2 -> 3",
                                "mfn 12 type: l2 x1 valid -> l2 x1 partial up to 511",
                                "mfn 13 refs: 2 -> 3",
                                "mfn 13 type: l3 x1 valid pinned -> l3 x1 partial up to 0 held",
                                "d1v0 unfinished: none -> some(unfinished[table=mfn 13,"
                                        + " container=mfn 13, hascontainer=false, partial=true])")
                        .owes(ONE_DONE));
    }
}
