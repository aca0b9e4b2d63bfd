// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;

/// Examples of the roots that a vCPU's kernel runs on.
final class BasePointerExamples {

    private static final String LOADED = "flush Local[vcpu=d1v0]";

    private BasePointerExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                first(),
                another(),
                heldElsewhere(),
                sameAgain(),
                preempted(),
                oldPreempted(),
                somebodyElses(),
                otherTable(),
                badEntry(),
                descriptors());
    }

    private static Scene on(long root) {
        return Scene.usual().mmuext(D1, MmuextCommand.NEW_BASEPTR, root);
    }

    private static Example kernel(String row, String title, Scene scene, long root) {
        return of(row, title, scene, MmuextCommand.NEW_BASEPTR, root);
    }

    private static Example first() {
        return kernel("mm.root.put/a", "a vCPU gets its first root", Scene.usual(), 0x14)
                .answers("returns 0")
                .changes(
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 14 shows m2p: false -> true",
                        "d1v0 root: none -> some(mfn 14)")
                .owes(newType(0x14), LOADED, ONE_DONE);
    }

    private static Example another() {
        return kernel(
                        "mm.root.kernel/d",
                        "a new root is held and the old one is taken apart",
                        on(0x14),
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 14 refs: 2 -> 1",
                        "mfn 14 type: l4 x1 valid -> l4 x0 unchecked",
                        "mfn 14 shows m2p: true -> false",
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "d1v0 root: some(mfn 14) -> some(mfn 15)")
                .owes(newType(0x15), LOADED, ONE_DONE);
    }

    private static Example heldElsewhere() {
        return kernel(
                        "mm.root.put/b",
                        "an old root that is pinned stays a root table",
                        on(0x14).mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x14)
                                .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x15),
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 14 refs: 3 -> 2",
                        "mfn 14 type: l4 x2 valid pinned -> l4 x1 valid pinned",
                        "mfn 15 refs: 2 -> 3",
                        "mfn 15 type: l4 x1 valid pinned -> l4 x2 valid pinned",
                        "mfn 15 shows m2p: false -> true",
                        "d1v0 root: some(mfn 14) -> some(mfn 15)")
                .owes(LOADED, ONE_DONE);
    }

    private static Example sameAgain() {
        return kernel(
                        "mm.root.kernel/a",
                        "loading the same root once more only empties the processor's cache",
                        on(0x14),
                        0x14)
                .answers("returns 0")
                .owes(LOADED, ONE_DONE);
    }

    private static Example preempted() {
        return kernel(
                        "mm.root.kernel/b",
                        "a root whose check is preempted is not loaded yet",
                        SmallScenes.usual(2).entry(0x14, 0, Scene.writable(0x13)),
                        0x14)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 1",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                        "mfn 14[0]: - -> mfn 13 rw+24")
                .owes(newType(0x14), newType(0x13), NONE_DONE);
    }

    private static Example oldPreempted() {
        return kernel(
                        "mm.root.put/c",
                        "the new root is in use while the old one is still being taken apart",
                        SmallScenes.usual(2)
                                .entry(0x14, 0, Scene.writable(0x13))
                                .mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x14),
                        0x15)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 2 -> 3",
                        "mfn 13 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "mfn 14 refs: 2 -> 3",
                        "mfn 14 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "d1v0 root: some(mfn 14) -> some(mfn 15)",
                        "d1v0 unfinished: none -> " + unfinished(0x14, true))
                .owes(newType(0x15), LOADED, NONE_DONE);
    }

    private static Example somebodyElses() {
        return kernel("mm.root.kernel/c", "a frame of another domain is no root", on(0x14), 0x20)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example otherTable() {
        return kernel(
                        "mm.root.kernel/c",
                        "a frame in use as a table of another level is no root",
                        on(0x14).mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                        0x10)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example badEntry() {
        return kernel(
                        "mm.root.kernel/c",
                        "the error of a level 1 table is that of the root above",
                        Scene.usual()
                                .entry(0x10, 0, Scene.readOnly(0))
                                .entry(0x12, 0, Scene.writable(0x10))
                                .entry(0x13, 0, Scene.writable(0x12))
                                .entry(0x14, 0, Scene.writable(0x13)),
                        0x14)
                .answers("returns -1 EPERM")
                .owes(newType(0x14), newType(0x13), newType(0x12), newType(0x10), NONE_DONE);
    }

    private static Example descriptors() {
        return kernel(
                        "mm.root.kernel/d",
                        "another root unmaps the frames of the local descriptor table",
                        Scene.usual()
                                .entry(0x10, 0, Scene.readOnly(0x18))
                                .entry(0x12, 0, Scene.writable(0x10))
                                .entry(0x13, 0, Scene.writable(0x12))
                                .entry(0x14, 0, Scene.writable(0x13))
                                .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x14)
                                .mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x14)
                                .list(MmuextOp.of(MmuextCommand.SET_LDT, 0, 1))
                                .then(D1, MmuextCalls.event(1))
                                .then(D1, new Event.LoadDescriptor(0)),
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 14 refs: 3 -> 2",
                        "mfn 14 type: l4 x2 valid pinned -> l4 x1 valid pinned",
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "mfn 18 refs: 3 -> 2",
                        "mfn 18 type: segdesc x1 valid -> segdesc x0 valid",
                        "d1v0 root: some(mfn 14) -> some(mfn 15)",
                        "d1v0 ldt: localtable[base=0, entries=1, mapped=hashmap((0, mfn 18))]"
                                + " -> localtable[base=0, entries=1, mapped=hashmap()]")
                .owes(newType(0x15), LOADED, ONE_DONE);
    }
}
