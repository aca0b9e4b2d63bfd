// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.by;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.owner;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D0;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;

/// Examples of pins that are cut short, made for another domain, or need nothing.
final class PinningPreemptionExamples {

    private PinningPreemptionExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                root32Bit(),
                preempted(),
                goesOn(),
                unpinPreempted(),
                unpinStillUsed(),
                twiceLevel2(),
                forAnother(),
                dyingLevel1(),
                dyingLevel2());
    }

    private static Scene dying() {
        return Scene.usual().then(D0, SmallScenes.DESTROY, Choices.preemptedAfter(0));
    }

    private static Example root32Bit() {
        return by(
                        D0,
                        owner(2),
                        "mm.pin/a",
                        "a 32-bit guest's root is not pinned, and nobody is told",
                        Scene.usual()
                                .domain(Scene.usual().machine().domain(new Domid(2)).as32Bit()),
                        MmuextOp.of(MmuextCommand.PIN_L4_TABLE, 0x20))
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example preempted() {
        return of(
                        "mm.pin/c",
                        "a pin that is preempted leaves the table checked in part, not pinned",
                        SmallScenes.usual(2),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1")
                .owes(newType(0x12), NONE_DONE);
    }

    private static Example goesOn() {
        return of(
                        "mm.pin/g",
                        "a pin that was preempted goes on where it stopped",
                        SmallScenes.usual(2)
                                .list(MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 0x12))
                                .then(Scene.D1, MmuextCalls.event(1), Choices.preemptedAfter(0)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers("returns 0")
                .changes("mfn 12 type: l2 x1 partial up to 1 -> l2 x1 valid pinned")
                .owes(ONE_DONE);
    }

    private static Example unpinPreempted() {
        return of(
                        "mm.unpin/c",
                        "an unpin is done even if the table is not yet taken apart",
                        SmallScenes.pinnedL2(2),
                        MmuextCommand.UNPIN_TABLE,
                        0x12)
                .observed(Choices.preemptedAfter(0))
                .answers(carrying(0))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x1 partial up to 1",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(ONE_DONE);
    }

    private static Example unpinStillUsed() {
        return of(
                        "mm.unpin/d",
                        "a table that another leads to stays one when it is unpinned",
                        SmallScenes.l3()
                                .mmuext(Scene.D1, MmuextCommand.PIN_L2_TABLE, 0x12)
                                .mmuext(Scene.D1, MmuextCommand.PIN_L3_TABLE, 0x13),
                        MmuextCommand.UNPIN_TABLE,
                        0x12)
                .answers("returns 0")
                .changes("mfn 12 refs: 3 -> 2", "mfn 12 type: l2 x2 valid pinned -> l2 x1 valid")
                .owes(ONE_DONE);
    }

    private static Example twiceLevel2() {
        return of(
                        "mm.pin/e",
                        "a level 2 table is not pinned twice; the caller finishes dropping it",
                        SmallScenes.pinnedL2(2),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers(carrying(-22))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x2 valid pinned",
                        "d1v0 unfinished: none -> " + unfinished(0x12, false))
                .owes(NONE_DONE);
    }

    private static Example forAnother() {
        return by(
                        D0,
                        owner(1),
                        "mm.pin/g",
                        "a control domain pins a table of the domain that it builds",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.PIN_L1_TABLE, 0x10))
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid pinned")
                .owes(newType(0x10), ONE_DONE);
    }

    private static Example dyingLevel1() {
        return by(
                        D0,
                        owner(1),
                        "mm.pin/f",
                        "a level 1 table of a dying domain is not pinned, and nobody is told",
                        dying(),
                        MmuextOp.of(MmuextCommand.PIN_L1_TABLE, 0x10))
                .answers("returns 0")
                .changes("mfn 10 type: none x0 unchecked -> l1 x0 unchecked")
                .owes(newType(0x10), ONE_DONE);
    }

    private static Example dyingLevel2() {
        return by(
                        D0,
                        owner(1),
                        "mm.pin/f",
                        "a level 2 table of a dying domain is left to the caller to take apart",
                        dying(),
                        MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 0x12))
                .answers(carrying(0))
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 valid",
                        "d0v0 unfinished: none -> " + unfinished(0x12, false))
                .owes(newType(0x12), ONE_DONE);
    }
}
