// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.THREE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of page tables of a 32-bit guest, on which the control domain works: the level 3 table
/// 0x30 leads by its slot 0 to the level 2 table 0x32, by its slot 3 to the level 2 table 0x33,
/// which carries Xen's mappings.
final class ThirtyTwoBitExamples {

    private static final String FLUSH = "flush Domain[domain=d3]";
    private static final ForeignDomains FOR_THREE = ForeignDomains.of(THREE, THREE);

    private ThirtyTwoBitExamples() {}

    static Vector<Example> all() {
        return pinned().appendAll(changed()).append(shared());
    }

    private static Pte leads(long mfn) {
        return Pte.of(new Mfn(mfn), Pte.PRESENT);
    }

    private static Scene written() {
        return Trees.with32Bit().entry(0x30, 0, leads(0x32)).entry(0x30, 3, leads(0x33));
    }

    private static Example pin(String row, String title, Scene scene) {
        return Example.of(
                row,
                title,
                scene.list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 0x30)),
                D0,
                new Event.Call(Scene.mmuext(1, ForeignDomains.of(THREE))));
    }

    /// The table is checked up to its slot 3, which is refused.
    private static Example refused(Example example, String entry) {
        return example.answers(Trees.again(Invocation.MmuextOpCall.carrying(-22)))
                .changes(
                        "mfn 30 refs: 1 -> 3",
                        "mfn 30 type: none x0 unchecked -> l3 x1 partial up to 3",
                        "mfn 30[0]: - -> mfn 32 ro",
                        "mfn 30[3]: - -> " + entry,
                        "mfn 32 refs: 1 -> 2",
                        "mfn 32 type: none x0 unchecked -> l2 x1 valid",
                        "d0v0 unfinished: none -> some(unfinished[table=mfn 30, container=mfn 30,"
                                + " hascontainer=false, partial=true])")
                .owes(typed(0x30), typed(0x32), NONE_DONE);
    }

    private static String typed(int mfn) {
        return "flush TypeChange[owner=d3, mfn=mfn "
                + Integer.toHexString(mfn)
                + ", wasTable=false]";
    }

    private static Vector<Example> pinned() {
        Pte marked = leads(0x33).with(Pte.AVAILABLE_HIGH);
        return Vector.of(
                refused(
                        pin(
                                "mm.entry.get-xen-l2/a",
                                "the last level 3 entry of a 32-bit guest has no high flags",
                                written().entry(0x30, 3, marked)),
                        "mfn 33 ro+7ff0000000000000"),
                refused(
                        pin(
                                "mm.entry.get-xen-l2/a",
                                "the last level 3 entry of a 32-bit guest must be present",
                                written().entry(0x30, 3, new Pte(0x1000))),
                        "not present 1000"),
                refused(
                        pin(
                                "mm.entry.get-xen-l2/b",
                                "the last level 3 entry of a 32-bit guest is for a table of its"
                                        + " own",
                                written().entry(0x30, 3, leads(0x20))),
                        "mfn 20 ro"),
                pin(
                                "mm.entry.get-xen-l2/b",
                                "the check of the table with Xen's mappings may be preempted",
                                written())
                        .observed(Choices.preemptedAfter(511 + 3))
                        .answers(
                                Trees.again(
                                        Scene.mmuext(
                                                BatchCount.MMU_UPDATE_PREEMPTED | 1,
                                                ForeignDomains.of(THREE))))
                        .changes(
                                "mfn 30 refs: 1 -> 2",
                                "mfn 30 type: none x0 unchecked -> l3 x1 partial up to 3 held",
                                "mfn 30[0]: - -> mfn 32 rw+4",
                                "mfn 30[3]: - -> mfn 33 ro",
                                "mfn 32 refs: 1 -> 2",
                                "mfn 32 type: none x0 unchecked -> l2 x1 valid",
                                "mfn 33 refs: 1 -> 3",
                                "mfn 33 type: none x0 unchecked -> l2 with xen's x1 partial up to"
                                        + " 1")
                        .owes(typed(0x30), typed(0x32), typed(0x33), NONE_DONE),
                pin(
                                "mm.entry.get-xen-l2/d",
                                "the last level 3 entry of a 32-bit guest leads to Xen's mappings",
                                written())
                        .answers("returns 0")
                        .changes(
                                "mfn 30 refs: 1 -> 2",
                                "mfn 30 type: none x0 unchecked -> l3 x1 valid pinned",
                                "mfn 30[0]: - -> mfn 32 rw+4",
                                "mfn 30[3]: - -> mfn 33 rw+4",
                                "mfn 32 refs: 1 -> 2",
                                "mfn 32 type: none x0 unchecked -> l2 x1 valid",
                                "mfn 33 refs: 1 -> 2",
                                "mfn 33 type: none x0 unchecked -> l2 with xen's x1 valid")
                        .owes(typed(0x30), typed(0x32), typed(0x33), ONE_DONE));
    }

    private static Vector<Example> changed() {
        Scene scene = Trees.mmuext(written(), THREE, MmuextCommand.PIN_L3_TABLE, 0x30);
        return Vector.of(
                request(
                                "mm.entry.update-table/a",
                                "Xen's part of a 32-bit guest's last level 2 table is not changed",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x33, 0x1ac, Pte.EMPTY))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-table/f",
                                "the guest's part of a 32-bit guest's last level 2 table is"
                                        + " changed",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x33, 0x1ab, leads(0x34)))
                        .answers("returns 0")
                        .changes(
                                "mfn 33[427]: - -> mfn 34 ro",
                                "mfn 34 refs: 1 -> 2",
                                "mfn 34 type: none x0 unchecked -> l1 x1 valid")
                        .owes(typed(0x34), FLUSH, ONE_DONE),
                request(
                                "mm.entry.update-table/b",
                                "the last level 3 entry of a 32-bit guest stays what it is",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 3, leads(0x34)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-table/b",
                                "a level 3 table of a 32-bit guest has four entries",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 4, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-table/c",
                                "a level 3 entry of a 32-bit guest does not forbid execution",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 1, leads(0x32).with(Pte.NO_EXECUTE)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-table/c",
                                "a level 3 table of a 32-bit guest does not lead to itself",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 1, leads(0x30)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-table/c",
                                "the table with Xen's mappings is not led to from elsewhere",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 1, leads(0x33)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-table/f",
                                "a level 3 entry of a 32-bit guest is stored as the processor needs"
                                        + " it",
                                scene,
                                D0,
                                FOR_THREE,
                                set(0x30, 1, leads(0x32)))
                        .answers("returns 0")
                        .changes(
                                "mfn 30[1]: - -> mfn 32 rw+4",
                                "mfn 32 refs: 2 -> 3",
                                "mfn 32 type: l2 x1 valid -> l2 x2 valid")
                        .owes(FLUSH, ONE_DONE));
    }

    private static Example shared() {
        Pte last = Pte.of(new Mfn(0x33), Pte.PRESENT);
        Scene written = Trees.with32Bit().entry(0x30, 3, last).entry(0x31, 3, last);
        return Example.of(
                        "mm.entry.get-xen-l2/c",
                        "two level 3 tables do not share the table with Xen's mappings",
                        Trees.mmuext(written, Trees.THREE, MmuextCommand.PIN_L3_TABLE, 0x30)
                                .list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 0x31)),
                        Scene.D0,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.of(Trees.THREE))))
                .answers(Trees.again(Invocation.MmuextOpCall.carrying(-22)))
                .changes(
                        "mfn 31 refs: 1 -> 3",
                        "mfn 31 type: none x0 unchecked -> l3 x1 partial up to 3",
                        "mfn 31[3]: - -> mfn 33 ro",
                        "d0v0 unfinished: none -> some(unfinished[table=mfn 31, container=mfn 31,"
                                + " hascontainer=false, partial=true])")
                .owes("flush TypeChange[owner=d3, mfn=mfn 31, wasTable=false]", NONE_DONE);
    }
}
