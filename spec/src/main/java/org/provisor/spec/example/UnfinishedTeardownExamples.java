// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.call;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.x86.Pte;

/// Examples of finishing what a vCPU has left to be taken apart.
final class UnfinishedTeardownExamples {

    private UnfinishedTeardownExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                nothingLeft(), finished(), finishedEntry(), notFinished(), failedCheckFinished());
    }

    private static Scene unpinning(Scene scene, long mfn, int patience) {
        return scene.list(MmuextOp.of(MmuextCommand.UNPIN_TABLE, mfn))
                .then(D1, MmuextCalls.event(1), Choices.preemptedAfter(patience));
    }

    /// A level 2 table 0x12, pinned, that leads to the level 1 tables 0x10 and 0x11.
    private static Scene l2() {
        return SmallScenes.usual(2)
                .entry(0x10, 0, Scene.writable(0x18))
                .entry(0x12, 0, Scene.writable(0x10))
                .entry(0x12, 1, Scene.writable(0x11))
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12);
    }

    /// A level 3 table 0x13, pinned, that leads to the empty level 2 table 0x12.
    private static Scene l3() {
        return SmallScenes.l3().mmuext(D1, MmuextCommand.PIN_L3_TABLE, 0x13);
    }

    private static Example nothingLeft() {
        return call(
                        "mm.unfinished.finish/a",
                        "a call of a vCPU that left nothing has nothing to wait for",
                        Scene.usual(),
                        MmuextOpCall.carrying(0))
                .answers("returns 0");
    }

    private static Example finished() {
        return call(
                        "mm.unfinished.finish/b",
                        "the next call finishes what was left, from where it stopped",
                        unpinning(l2(), 0x12, 0),
                        MmuextOpCall.carrying(0))
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 12 refs: 3 -> 1",
                        "mfn 12 type: l2 x1 partial up to 1 -> l2 x0 unchecked",
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: writable x1 valid -> writable x0 valid",
                        "mfn 18 stale: false -> true",
                        "d1v0 unfinished: " + unfinished(0x12, true) + " -> none");
    }

    private static Example finishedEntry() {
        return call(
                        "mm.unfinished.finish/b",
                        "the next call lets go of a table that an entry led to",
                        l3().mmuUpdate(D1, 0x13, 0, Pte.EMPTY),
                        MmuextOpCall.carrying(0))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 2 -> 1",
                        "mfn 12 type: l2 x1 valid -> l2 x0 unchecked",
                        "d1v0 unfinished: some(unfinished[table=mfn 12, container=mfn 13,"
                                + " hascontainer=true, partial=false]) -> none");
    }

    private static Example notFinished() {
        return call(
                        "mm.unfinished.finish/c",
                        "a table let go of by an entry is remembered as partial when preempted",
                        l3().mmuUpdate(D1, 0x13, 0, Pte.EMPTY),
                        MmuextOpCall.carrying(0))
                .observed(Choices.preemptedAfter(0))
                .answers(carrying(0))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid -> l2 x1 partial up to 1",
                        "d1v0 unfinished: some(unfinished[table=mfn 12, container=mfn 13,"
                                + " hascontainer=true, partial=false]) -> some(unfinished["
                                + "table=mfn 12, container=mfn 13, hascontainer=true,"
                                + " partial=true])");
    }

    private static Example failedCheckFinished() {
        return call(
                        "mm.unfinished.finish/b",
                        "the error of a check is returned when its entries are let go",
                        Scene.usual()
                                .entry(0x12, 0, Scene.writable(0x10))
                                .entry(0x12, 1, Scene.writable(0x20))
                                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12),
                        MmuextOpCall.carrying(-22))
                .answers("returns -22 EINVAL")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 12 refs: 3 -> 1",
                        "mfn 12 type: l2 x1 partial up to 1 -> l2 x0 unchecked",
                        "d1v0 unfinished: " + unfinished(0x12, true) + " -> none");
    }
}
