// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Frame;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of general references: who keeps a frame from being freed.
final class ReferenceExamples {

    private ReferenceExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                noSuchFrame(),
                free(),
                xens(),
                somebodyElses(),
                taken(),
                oneOfSeveral(),
                last(),
                lastOfAll(),
                lastOfShared(),
                released(),
                releasedBefore());
    }

    private static Example pin(String row, String title, long mfn) {
        return of(row, title, Scene.usual(), MmuextCommand.PIN_L2_TABLE, mfn)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example noSuchFrame() {
        return pin(
                "mm.ref.get/a", "no reference is taken on a frame that the machine has not", 0x40);
    }

    private static Example free() {
        return pin("mm.ref.get/b", "no reference is taken on a free frame", 0x30);
    }

    private static Example xens() {
        return pin("mm.ref.get/b", "no reference is taken on a frame of Xen's own", 1);
    }

    private static Example somebodyElses() {
        return pin("mm.ref.get/c", "no reference is taken on another domain's frame", 0x20);
    }

    private static Example taken() {
        return of(
                        "mm.ref.get/d",
                        "a pin is a reference on a frame of the guest's",
                        Scene.usual(),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 valid pinned")
                .owes(newType(0x12), ONE_DONE);
    }

    private static Example entry(String row, String title, Scene scene, ForeignDomains frames) {
        long table = frames.equals(ForeignDomains.SELF) ? 0x10 : 2;
        return Example.of(
                        row,
                        title,
                        scene.list(Scene.update(MmuCommand.NORMAL_PT_UPDATE, table, 0, Pte.EMPTY)),
                        frames.equals(ForeignDomains.SELF) ? D1 : D0,
                        new Event.Call(Scene.mmuUpdate(1, frames)))
                .answers("returns 0");
    }

    private static Example oneOfSeveral() {
        return entry(
                        "mm.ref.put/a",
                        "a frame that is mapped no more is still its owner's",
                        Scene.usual()
                                .entry(0x10, 0, Scene.readOnly(0x18))
                                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                        ForeignDomains.SELF)
                .changes("mfn 10[0]: mfn 18 ro+124 -> -", "mfn 18 refs: 2 -> 1")
                .owes(ONE_DONE);
    }

    private static Scene dead(int last) {
        return SmallScenes.mappedByControl(last).then(D0, SmallScenes.DESTROY);
    }

    private static Example last() {
        return Example.of(
                        "mm.ref.put/b",
                        "a frame of a dying domain that nobody else holds is freed",
                        SmallScenes.tiny(2, 5),
                        D0,
                        SmallScenes.DESTROY)
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example lastOfAll() {
        return entry(
                        "mm.ref.put/c",
                        "a dead domain is gone with the last of its frames that others held",
                        dead(5),
                        ForeignDomains.of(new Domid(1)))
                .changes(
                        "mfn 2[0]: mfn 4 ro+124 -> -",
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "d1 is gone")
                .owes(ONE_DONE);
    }

    private static Example lastOfShared() {
        return Example.of(
                        "mm.ref.put/d",
                        "a frame that Xen shares with a dying domain is held by Xen alone",
                        SmallScenes.tiny(2, 5).frame(9, Frame.sharedWith(new Domid(1))),
                        D0,
                        SmallScenes.DESTROY)
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 9 refs: 1 -> 0",
                        "mfn 9 allocated: true -> false",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> xen");
    }

    private static Example released() {
        return Example.of(
                        "mm.ref.release/a",
                        "a frame that another domain maps is given back but not freed",
                        SmallScenes.mappedByControl(5),
                        D0,
                        SmallScenes.DESTROY)
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example releasedBefore() {
        return Example.of(
                        "mm.ref.release/b",
                        "a frame that was given back before is not given back twice",
                        SmallScenes.mappedByControl(4)
                                .then(D0, SmallScenes.DESTROY, Choices.preemptedAfter(0)),
                        D0,
                        SmallScenes.DESTROY)
                .answers("returns 0")
                .changes("d1 life: dying -> dead", "d1 teardown: l4 -> done");
    }
}
