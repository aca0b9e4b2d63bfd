// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of what a frame is used for, and when that may change.
final class PageTypeExamples {

    private PageTypeExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                stillValid(),
                afterWriting(),
                tableAgain(),
                inUse(),
                inUseAsRoot(),
                oneMore(),
                goesOn(),
                notPartial(),
                lastOfTable(),
                unmapped());
    }

    private static Scene pinned() {
        return Scene.usual()
                .entry(0x10, 0, Scene.writable(0x18))
                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
    }

    private static Example stillValid() {
        return of(
                        "mm.page-type.get/b",
                        "an idle frame that was writable is so again without a flush",
                        Scene.usual().mmuext(D1, MmuextCommand.CLEAR_PAGE, 0x18),
                        MmuextCommand.CLEAR_PAGE,
                        0x18)
                .answers("returns 0")
                .owes(ONE_DONE, "clear mfn 18");
    }

    private static Example afterWriting() {
        return of(
                        "mm.page-type.get/c",
                        "a frame that was mapped writable is a table only after a flush",
                        pinned().mmuUpdate(D1, 0x10, 0, Pte.EMPTY),
                        MmuextCommand.PIN_L2_TABLE,
                        0x18)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 1 -> 2",
                        "mfn 18 type: writable x0 valid -> l2 x1 valid pinned",
                        "mfn 18 stale: true -> false")
                .owes(newType(0x18), ONE_DONE);
    }

    private static Example tableAgain() {
        return of(
                        "mm.page-type.get/d",
                        "a table that was let go is checked anew, but needs no flush",
                        Scene.usual()
                                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10)
                                .mmuext(D1, MmuextCommand.UNPIN_TABLE, 0x10)
                                .entry(0x10, 1, Scene.readOnly(0x18)),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: l1 x0 unchecked -> l1 x1 valid pinned",
                        "mfn 10[1]: - -> mfn 18 ro+124",
                        "mfn 18 refs: 1 -> 2")
                .owes(ONE_DONE);
    }

    private static Example inUse() {
        return of(
                        "mm.page-type.get/e",
                        "a frame that the guest can write is no page table",
                        pinned(),
                        MmuextCommand.PIN_L2_TABLE,
                        0x18)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example inUseAsRoot() {
        return of(
                        "mm.page-type.get/e",
                        "a root that a vCPU runs on is no level 1 table",
                        Scene.usual().mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x14),
                        MmuextCommand.PIN_L1_TABLE,
                        0x14)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example oneMore() {
        return of(
                        "mm.page-type.get/f",
                        "a table in use is pinned without looking at it again",
                        Scene.usual()
                                .entry(0x12, 0, Scene.writable(0x10))
                                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns 0")
                .changes("mfn 10 refs: 2 -> 3", "mfn 10 type: l1 x1 valid -> l1 x2 valid pinned")
                .owes(ONE_DONE);
    }

    private static Example goesOn() {
        return of(
                        "mm.page-type.get/g",
                        "a check that was preempted is preempted again further on",
                        SmallScenes.usual(3)
                                .list(MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 0x12))
                                .then(D1, MmuextCalls.event(1), Choices.preemptedAfter(0)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .observed(Choices.preemptedAfter(0))
                .answers(MmuextCalls.again(0, 1))
                .changes("mfn 12 type: l2 x1 partial up to 1 -> l2 x1 partial up to 2")
                .owes(NONE_DONE);
    }

    /// The teardown of a level 3 table stopped within its level 2 table, and another vCPU has made
    /// that one whole again.
    private static Scene stoppedAndRepaired() {
        return SmallScenes.l3()
                .mmuext(D1, MmuextCommand.PIN_L3_TABLE, 0x13)
                .list(MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x13))
                .then(D1, MmuextCalls.event(1), Choices.preemptedAfter(1))
                .mmuext(new VcpuId(new Domid(1), 1), MmuextCommand.PIN_L2_TABLE, 0x12);
    }

    private static Example notPartial() {
        return MmuextCalls.call(
                        "mm.page-type.put/a",
                        "a table made whole again by another vCPU is not taken apart",
                        stoppedAndRepaired(),
                        MmuextOpCall.carrying(0))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 3 -> 2",
                        "mfn 13 refs: 3 -> 1",
                        "mfn 13 type: l3 x1 partial up to 0 held -> l3 x0 unchecked",
                        "d1v0 unfinished: " + unfinished(0x13, true) + " -> none");
    }

    private static Example lastOfTable() {
        return of(
                        "mm.page-type.put/b",
                        "a table that nobody holds any more is taken apart",
                        pinned(),
                        MmuextCommand.UNPIN_TABLE,
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid pinned -> l1 x0 unchecked",
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: writable x1 valid -> writable x0 valid",
                        "mfn 18 stale: false -> true")
                .owes(ONE_DONE);
    }

    private static Example unmapped() {
        return Example.of(
                        "mm.page-type.put/c",
                        "a frame that is mapped writable no more stays known as writable",
                        pinned().list(
                                        Scene.update(
                                                MmuCommand.NORMAL_PT_UPDATE, 0x10, 0, Pte.EMPTY)),
                        D1,
                        new Event.Call(Scene.mmuUpdate(1, ForeignDomains.SELF)))
                .answers("returns 0")
                .changes(
                        "mfn 10[0]: mfn 18 rw+124 -> -",
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: writable x1 valid -> writable x0 valid",
                        "mfn 18 stale: false -> true")
                .owes(ONE_DONE);
    }
}
