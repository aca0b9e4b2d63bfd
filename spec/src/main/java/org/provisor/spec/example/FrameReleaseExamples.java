// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.SmallScenes.DESTROY;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.x86.Pte;

/// Examples of the frames of a dying domain, one by one.
final class FrameReleaseExamples {

    private FrameReleaseExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                pinStopped(),
                noTable(),
                tableOfOtherLevel(),
                partStopped(),
                circleStopped(),
                partDone(),
                circle(),
                circleOfTwo());
    }

    private static Example destroy(String row, String title, Scene scene, int patience) {
        return Example.of("mm." + row, title, scene, D0, DESTROY)
                .observed(Choices.preemptedAfter(patience))
                .answers("to be asked again");
    }

    private static Scene pinned(int slots) {
        return SmallScenes.tiny(slots, 4).mmuext(D1, MmuextCommand.PIN_L2_TABLE, 4);
    }

    private static Example pinStopped() {
        return destroy(
                        "frame.release/a",
                        "a pinned table taken apart only in part is not given back yet",
                        pinned(2),
                        0)
                .changes(
                        "mfn 4 type: l2 x1 valid pinned -> l2 x1 partial up to 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example noTable() {
        return destroy(
                        "frame.release/b",
                        "a pinned level 1 table is unpinned and given back",
                        SmallScenes.tiny(2, 5).mmuext(D1, MmuextCommand.PIN_L1_TABLE, 4),
                        0)
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 2 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l1 x1 valid pinned -> none x0 unchecked",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example tableOfOtherLevel() {
        return destroy(
                        "frame.release/b",
                        "a table taken apart in part is forced apart at its own level only",
                        pinned(2).then(D0, DESTROY, Choices.preemptedAfter(0)),
                        0)
                .changes("mfn 4 refs: 2 -> 1", "mfn 4 allocated: true -> false");
    }

    private static Example partStopped() {
        return destroy(
                        "frame.release/c",
                        "a table forced apart only in part is visited again",
                        pinned(3).then(D0, DESTROY, Choices.preemptedAfter(0)),
                        2)
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l2 x1 partial up to 2 -> l2 x1 partial up to 1",
                        "d1 teardown: l4 -> l2");
    }

    /// Root 4 leads to the level 3 table 6, root 5 to root 4; both are pinned.
    private static Scene linear() {
        return SmallScenes.tiny(2, 6)
                .entry(4, 0, Scene.writable(6))
                .entry(5, 0, Scene.readOnly(4))
                .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 4)
                .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 5);
    }

    private static Example circleStopped() {
        return destroy(
                        "frame.release/c",
                        "a root that another leads to is forced apart, in part at first",
                        linear(),
                        0)
                .changes(
                        "mfn 4 refs: 3 -> 2",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l4 x2 valid pinned -> l4 x2 partial up to 0 held",
                        "mfn 6 refs: 2 -> 3",
                        "mfn 6 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example partDone() {
        return destroy(
                        "frame.release/d",
                        "a root forced apart in two parts is then as another leads to it",
                        linear().then(D0, DESTROY, Choices.preemptedAfter(0)),
                        0)
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 type: l4 x2 partial up to 0 held -> l4 x1 unchecked",
                        "mfn 6 refs: 3 -> 1",
                        "mfn 6 type: l3 x1 partial up to 1 -> l3 x0 unchecked");
    }

    private static Example circle() {
        return destroy(
                        "frame.release/e",
                        "a root that another leads to is forced apart and still counted",
                        linear(),
                        1)
                .changes(
                        "mfn 4 refs: 3 -> 1",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l4 x2 valid pinned -> l4 x1 unchecked",
                        "mfn 6 refs: 2 -> 1",
                        "mfn 6 type: l3 x1 valid -> l3 x0 unchecked",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    /// Level 2 tables that no call makes: 4 leads to 5 and then to the level 1 table 6, 5 leads to
    /// 4.
    private static Scene twoInCircle() {
        Scene tiny = SmallScenes.tiny(2, 6);
        return tiny.frame(4, table(PageType.L2, Scene.writable(6), Scene.readOnly(5)))
                .frame(5, table(PageType.L2, Scene.readOnly(4), Pte.EMPTY))
                .frame(6, table(PageType.L1, Pte.EMPTY, Pte.EMPTY));
    }

    /// A frame of d1 that one entry leads to.
    private static Frame table(PageType type, Pte first, Pte second) {
        Contents contents = Contents.of(new long[] {first.bits(), second.bits()});
        TypeUse use = new TypeUse(type, false, 1, Validity.VALIDATED, false, Table.fresh(contents));
        return Frame.allocatedTo(new Domid(1)).withRefs(2).withUse(use);
    }

    private static Example circleOfTwo() {
        return Example.of(
                        "mm.frame.release/e",
                        "a table in a circle loses its last type reference on the way, and lets go"
                                + " of all the same",
                        twoInCircle(),
                        D0,
                        DESTROY)
                .answers("returns 0")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 2 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l2 x1 valid -> none x0 unchecked",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 2 -> 0",
                        "mfn 5 allocated: true -> false",
                        "mfn 5 type: l2 x1 valid -> none x0 unchecked",
                        "mfn 6 owner: d1 -> no domain",
                        "mfn 6 refs: 2 -> 0",
                        "mfn 6 allocated: true -> false",
                        "mfn 6 type: l1 x1 valid -> none x0 unchecked",
                        "d1 is gone");
    }
}
