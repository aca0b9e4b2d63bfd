// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of two actors on one table, where Xen 4.17 loses count and the specification does not;
/// the decision record on asking for more than Xen says how they differ.
final class LostCountExamples {

    private static final VcpuId D1_SECOND = new VcpuId(new Domid(1), 1);

    private LostCountExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                firstEntry(), containerGone(), forcedWhileWaiting(), forcedAndPinned(), waiting());
    }

    private static Scene pinPreempted(Scene scene) {
        return scene.list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 0x13))
                .then(
                        D1,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)),
                        Choices.preemptedAfter(0));
    }

    private static Example firstEntry() {
        Scene retyped =
                pinPreempted(SmallScenes.l3())
                        .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12)
                        .mmuext(D1, MmuextCommand.UNPIN_TABLE, 0x12)
                        .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x12);
        return Example.of(
                        "mm.validate.table/d",
                        "a check that goes on at its first entry and fails there forgets nothing",
                        retyped.list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 0x13)),
                        D1,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)))
                .answers("made again: " + MmuextOpCall.carrying(-22))
                .changes(
                        "mfn 13 refs: 2 -> 3",
                        "d1v0 unfinished: none -> some(unfinished[table=mfn 13, container=mfn 13,"
                                + " hascontainer=false, partial=true])")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example containerGone() {
        Scene waiting =
                SmallScenes.usual(2)
                        .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x10)
                        .entry(0x11, 0, Scene.readOnly(0x10))
                        .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x11)
                        .mmuUpdate(D1, 0x11, 0, Pte.EMPTY);
        return Example.of(
                        "mm.demote/a",
                        "a table that goes takes back what an entry taken out of it still counted",
                        waiting.list(MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x11)),
                        D1_SECOND,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)))
                .answers("returns 0")
                .changes(
                        "mfn 10 linear: -1 -> 0",
                        "mfn 11 refs: 2 -> 1",
                        "mfn 11 type: l2 x1 valid pinned -> l2 x0 unchecked",
                        "mfn 11 linear: 1 -> 0",
                        "d1v0 unfinished: some(unfinished[table=mfn 10, container=mfn 11,"
                                + " hascontainer=true, partial=false])"
                                + " -> some(unfinished[table=mfn 10, container=mfn 10,"
                                + " hascontainer=false, partial=false])")
                .owes("write 1 at va 20000, 4 bytes");
    }

    private static Example forcedWhileWaiting() {
        VcpuId second = new VcpuId(new Domid(0), 1);
        ForeignDomains forGuest = ForeignDomains.of(new Domid(1));
        Scene forced =
                SmallScenes.tiny(3, 4)
                        .domain(Domain.privileged(new Domid(0), 8, 2), 2, 3)
                        .frame(5, Frame.sharedWith(new Domid(1)))
                        .then(second, SmallScenes.DESTROY, Choices.preemptedAfter(0))
                        .list(MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 4))
                        .call(D0, Scene.mmuext(1, forGuest))
                        .then(second, SmallScenes.DESTROY, Choices.preemptedAfter(2));
        return Example.of(
                        "mm.page-type.put/c",
                        "who has a dying domain's table to finish drops one reference of several",
                        forced,
                        D0,
                        new Event.Call(MmuextOpCall.carrying(0)))
                .answers("returns 0")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 type: l2 x2 partial up to 2 -> l2 x1 partial up to 2",
                        "d0v0 unfinished: some(unfinished[table=mfn 4, container=mfn 4,"
                                + " hascontainer=false, partial=false]) -> none");
    }

    private static Example forcedAndPinned() {
        MmuextOpCall forGuest = Scene.mmuext(1, ForeignDomains.of(new Domid(1)));
        Scene forced =
                SmallScenes.tiny(2, 6)
                        .entry(4, 0, Scene.readOnly(5))
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 4)
                        .entry(6, 0, Scene.readOnly(4))
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 6)
                        .then(D0, SmallScenes.DESTROY, Choices.preemptedAfter(0))
                        .list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 5))
                        .call(D0, forGuest)
                        .call(D0, MmuextOpCall.carrying(0))
                        .entry(5, 0, Scene.readOnly(9))
                        .list(MmuextOp.of(MmuextCommand.PIN_L4_TABLE, 4))
                        .call(D0, forGuest);
        return Example.of(
                        "mm.page-type.put/a",
                        "a dying domain's table that a root leads to stays to its teardown",
                        forced,
                        D0,
                        new Event.Call(MmuextOpCall.carrying(-22)))
                .answers("returns -22 EINVAL")
                .changes(
                        "mfn 4 refs: 3 -> 2",
                        "d0v0 unfinished: some(unfinished[table=mfn 4, container=mfn 4,"
                                + " hascontainer=false, partial=true]) -> none");
    }

    private static Example waiting() {
        ForeignDomains forGuest = ForeignDomains.of(new Domid(1));
        Scene forced =
                SmallScenes.tiny(1, 5)
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 4)
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 5)
                        .mmuUpdate(D1, 5, 0, Scene.readOnly(4))
                        .then(D0, SmallScenes.DESTROY, Choices.preemptedAfter(0));
        MmuextOpCall pin = Scene.mmuext(1, forGuest);
        return Example.of(
                        "mm.page-type.get/h",
                        "who wants a table that is forced apart has to wait",
                        forced.list(MmuextOp.of(MmuextCommand.PIN_L4_TABLE, 4)),
                        D0,
                        new Event.Call(pin))
                .answers("made again: " + pin.after(0, Bitness.BITS_64))
                .owes("write 0 at va 20000, 4 bytes");
    }
}
