// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.THREE;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of what a check makes of the words in a 32-bit guest's tables, and what taking them
/// apart makes of them again. The tables are those of {@link ThirtyTwoBitExamples}.
final class ThirtyTwoBitTableExamples {

    /// What pinning the tables changes.
    private static final String[] PINNED = {
        "mfn 30 refs: 1 -> 2",
        "mfn 30 type: none x0 unchecked -> l3 x1 valid pinned",
        "mfn 30[0]: - -> mfn 32 rw+4",
        "mfn 30[3]: - -> mfn 33 rw+4",
        "mfn 32 refs: 1 -> 2",
        "mfn 32 type: none x0 unchecked -> l2 x1 valid",
        "mfn 33 refs: 1 -> 2",
        "mfn 33 type: none x0 unchecked -> l2 with xen's x1 valid"
    };

    /// So many checks are made when they are pinned.
    private static final int PATIENCE = 511 + 3 + 511;

    private ThirtyTwoBitTableExamples() {}

    static Vector<Example> all() {
        return checked()
                .append(undone())
                .append(unpinned())
                .append(pinnedAgain())
                .append(patient())
                .append(root())
                .append(third());
    }

    private static Pte leads(long mfn) {
        return Pte.of(new Mfn(mfn), Pte.PRESENT);
    }

    private static String typed(int mfn) {
        return "flush TypeChange[owner=d3, mfn=mfn "
                + Integer.toHexString(mfn)
                + ", wasTable=false]";
    }

    private static Scene written() {
        return Trees.with32Bit().entry(0x30, 0, leads(0x32)).entry(0x30, 3, leads(0x33));
    }

    private static Example operation(String row, String title, Scene scene, MmuextCommand command) {
        return operation(row, title, scene, MmuextOp.of(command, 0x30));
    }

    private static Example operation(String row, String title, Scene scene, MmuextOp operation) {
        return Example.of(
                row,
                title,
                scene.list(operation),
                Scene.D0,
                new Event.Call(Scene.mmuext(1, ForeignDomains.of(THREE))));
    }

    private static Vector<Example> checked() {
        return Vector.of(
                operation(
                                "mm.validate.table/e",
                                "what a 32-bit guest wrote beyond its four entries is cleared",
                                written().entry(0x30, 4, leads(0x34)).entry(0x30, 511, leads(0x35)),
                                MmuextCommand.PIN_L3_TABLE)
                        .answers("returns 0")
                        .changes(PINNED)
                        .owes(typed(0x30), typed(0x32), typed(0x33), ONE_DONE),
                operation(
                                "mm.validate.table/e",
                                "what a 32-bit guest wrote where Xen's mappings go is lost",
                                written()
                                        .entry(0x33, 0x1ab, leads(0x34))
                                        .entry(0x33, 0x1ac, leads(0x35))
                                        .entry(0x33, 511, leads(0x36)),
                                MmuextCommand.PIN_L3_TABLE)
                        .answers("returns 0")
                        .changes(
                                "mfn 30 refs: 1 -> 2",
                                "mfn 30 type: none x0 unchecked -> l3 x1 valid pinned",
                                "mfn 30[0]: - -> mfn 32 rw+4",
                                "mfn 30[3]: - -> mfn 33 rw+4",
                                "mfn 32 refs: 1 -> 2",
                                "mfn 32 type: none x0 unchecked -> l2 x1 valid",
                                "mfn 33 refs: 1 -> 2",
                                "mfn 33 type: none x0 unchecked -> l2 with xen's x1 valid",
                                "mfn 33[427]: - -> mfn 34 ro",
                                "mfn 34 refs: 1 -> 2",
                                "mfn 34 type: none x0 unchecked -> l1 x1 valid")
                        .owes(typed(0x30), typed(0x32), typed(0x33), typed(0x34), ONE_DONE));
    }

    private static Example undone() {
        return operation(
                        "mm.validate.table/d",
                        "entries of a 32-bit guest that were made right are as they were again",
                        written()
                                .entry(0x30, 2, leads(0x32))
                                .entry(0x30, 1, new Pte(0x1006))
                                .entry(0x30, 3, leads(0x20).with(Pte.WRITABLE)),
                        MmuextCommand.PIN_L3_TABLE)
                .answers(Trees.again(Invocation.MmuextOpCall.carrying(-22)))
                .changes(
                        "mfn 30 refs: 1 -> 3",
                        "mfn 30 type: none x0 unchecked -> l3 x1 partial up to 3",
                        "mfn 30[0]: - -> mfn 32 ro",
                        "mfn 30[1]: - -> not present 1006",
                        "mfn 30[2]: - -> mfn 32 ro",
                        "mfn 30[3]: - -> mfn 20 rw",
                        "mfn 32 refs: 1 -> 3",
                        "mfn 32 type: none x0 unchecked -> l2 x2 valid",
                        "d0v0 unfinished: none -> some(unfinished[table=mfn 30, container=mfn 30,"
                                + " hascontainer=false, partial=true])")
                .owes(typed(0x30), typed(0x32), NONE_DONE);
    }

    private static Example unpinned() {
        return operation(
                        "mm.unpin/d",
                        "a 32-bit guest gets its entries back without what the processor needed",
                        Trees.mmuext(written(), THREE, MmuextCommand.PIN_L3_TABLE, 0x30),
                        MmuextCommand.UNPIN_TABLE)
                .answers("returns 0")
                .changes(
                        "mfn 30 refs: 2 -> 1",
                        "mfn 30 type: l3 x1 valid pinned -> l3 x0 unchecked",
                        "mfn 32 refs: 2 -> 1",
                        "mfn 32 type: l2 x1 valid -> l2 x0 unchecked",
                        "mfn 33 refs: 2 -> 1",
                        "mfn 33 type: l2 with xen's x1 valid -> l2 x0 unchecked")
                .owes(ONE_DONE, "store 33001 in mfn 30[3]", "store 32001 in mfn 30[0]");
    }

    private static Example pinnedAgain() {
        Scene before = Trees.mmuext(written(), THREE, MmuextCommand.PIN_L3_TABLE, 0x30);
        return operation(
                        "mm.page-type.get/c",
                        "before Xen's mappings go into an idle level 2 table there is a flush",
                        Trees.mmuext(before, THREE, MmuextCommand.UNPIN_TABLE, 0x30),
                        MmuextCommand.PIN_L3_TABLE)
                .answers("returns 0")
                .changes(
                        "mfn 30 refs: 1 -> 2",
                        "mfn 30 type: l3 x0 unchecked -> l3 x1 valid pinned",
                        "mfn 30[0]: - -> mfn 32 rw+4",
                        "mfn 30[3]: - -> mfn 33 rw+4",
                        "mfn 32 refs: 1 -> 2",
                        "mfn 32 type: l2 x0 unchecked -> l2 x1 valid",
                        "mfn 33 refs: 1 -> 2",
                        "mfn 33 type: l2 x0 unchecked -> l2 with xen's x1 valid")
                .owes("flush TypeChange[owner=d3, mfn=mfn 33, wasTable=true]", ONE_DONE);
    }

    private static Example patient() {
        return operation(
                        "mm.validate.table/e",
                        "of a 32-bit guest's level 3 table four entries are looked at",
                        written(),
                        MmuextCommand.PIN_L3_TABLE)
                .observed(Choices.preemptedAfter(PATIENCE))
                .answers("returns 0")
                .changes(PINNED)
                .owes(typed(0x30), typed(0x32), typed(0x33), ONE_DONE);
    }

    private static Example root() {
        return operation(
                        "mm.pin/a",
                        "whose frame a 32-bit guest's root would be is not looked at",
                        written(),
                        MmuextOp.of(MmuextCommand.PIN_L4_TABLE, 0x20))
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example third() {
        return Trees.request(
                        "mm.entry.update-table/f",
                        "of four level 3 entries the guest changes the first three",
                        Trees.mmuext(written(), THREE, MmuextCommand.PIN_L3_TABLE, 0x30),
                        Scene.D0,
                        ForeignDomains.of(THREE, THREE),
                        Trees.set(0x30, 2, leads(0x32)))
                .answers("returns 0")
                .changes(
                        "mfn 30[2]: - -> mfn 32 rw+4",
                        "mfn 32 refs: 2 -> 3",
                        "mfn 32 type: l2 x1 valid -> l2 x2 valid")
                .owes("flush Domain[domain=d3]", ONE_DONE);
    }
}
