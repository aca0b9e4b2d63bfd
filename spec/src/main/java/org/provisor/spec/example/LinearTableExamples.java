// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.FLUSH;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Machine;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of entries that lead to a table of their own level. The level 2 tables 0x12, 0x18 and
/// 0x19 are pinned and empty.
final class LinearTableExamples {

    private LinearTableExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(chains()).appendAll(held()).appendAll(letGo());
    }

    private static Scene pinned() {
        return Scene.usual()
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12)
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x18)
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x19);
    }

    private static Scene linked() {
        return pinned().mmuUpdate(D1, 0x12, 0, Scene.readOnly(0x18));
    }

    private static Example refusing(String row, String title, Scene scene, long table, Pte entry) {
        return request(row, title, scene, set(table, 1, entry))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Scene switchedOff() {
        Machine machine = pinned().machine();
        return pinned().with(
                        new Machine(
                                machine.profile().withoutLinearTables(),
                                machine.frames(),
                                machine.domains()));
    }

    private static Vector<Example> refused() {
        return Vector.of(
                refusing(
                        "mm.linear.get/a",
                        "with linear tables switched off a table does not even lead to itself",
                        switchedOff(),
                        0x12,
                        Scene.readOnly(0x12)),
                refusing(
                        "mm.linear.get/b",
                        "an entry for a table of its own level must not allow writing",
                        pinned(),
                        0x12,
                        Scene.writable(0x18)),
                refusing(
                        "mm.linear.get/b",
                        "an entry for its own table must not allow writing either",
                        pinned(),
                        0x12,
                        Scene.writable(0x12)),
                refusing(
                        "mm.linear.get/d",
                        "an entry does not lead to a table of another domain",
                        pinned(),
                        0x12,
                        Scene.readOnly(0x20)),
                refusing(
                        "mm.linear.get/g",
                        "an entry does not lead to a table of a higher level",
                        pinned().mmuext(D1, MmuextCommand.PIN_L3_TABLE, 0x13),
                        0x12,
                        Scene.readOnly(0x13)),
                refusing(
                        "mm.linear.get/g",
                        "an entry does not lead to a table that is checked in part only",
                        Trees.preempted(pinned(), MmuextCommand.PIN_L2_TABLE, 0x1a, 0),
                        0x12,
                        Scene.readOnly(0x1a)));
    }

    private static Vector<Example> chains() {
        return Vector.of(
                refusing(
                        "mm.linear.get/e",
                        "a table that another leads to does not lead to a third",
                        linked(),
                        0x18,
                        Scene.readOnly(0x19)),
                refusing(
                        "mm.linear.get/f",
                        "a table that leads to another is not led to by a third",
                        linked(),
                        0x19,
                        Scene.readOnly(0x12)),
                refusing(
                        "mm.linear.get/e",
                        "two tables do not lead to one another",
                        linked(),
                        0x18,
                        Scene.readOnly(0x12)),
                request(
                                "mm.linear.get/c",
                                "a table that another leads to may lead to itself",
                                linked(),
                                set(0x18, 1, Scene.readOnly(0x18)))
                        .answers("returns 0")
                        .changes("mfn 18[1]: - -> mfn 18 ro+24")
                        .owes(FLUSH, ONE_DONE));
    }

    private static Vector<Example> held() {
        Scene roots =
                Scene.usual()
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x16)
                        .mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x17);
        return Vector.of(
                request(
                                "mm.linear.get/c",
                                "an entry for its own table holds nothing",
                                pinned(),
                                set(0x12, 0, Scene.readOnly(0x12)))
                        .answers("returns 0")
                        .changes("mfn 12[0]: - -> mfn 12 ro+24")
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.linear.get/h",
                                "an entry for another table of its level holds it, and both count",
                                pinned(),
                                set(0x12, 0, Scene.readOnly(0x18)))
                        .answers("returns 0")
                        .changes(
                                "mfn 12 linear: 0 -> 1",
                                "mfn 12[0]: - -> mfn 18 ro+24",
                                "mfn 18 refs: 2 -> 3",
                                "mfn 18 type: l2 x1 valid pinned -> l2 x2 valid pinned",
                                "mfn 18 linear: 0 -> -1")
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.linear.get/h",
                                "a root leads to another root",
                                roots,
                                set(0x16, 300, Scene.readOnly(0x17)))
                        .answers("returns 0")
                        .changes(
                                "mfn 16 linear: 0 -> 1",
                                "mfn 16[300]: - -> mfn 17 ro+24",
                                "mfn 17 refs: 2 -> 3",
                                "mfn 17 type: l4 x1 valid pinned -> l4 x2 valid pinned",
                                "mfn 17 linear: 0 -> -1")
                        .owes(FLUSH, ONE_DONE));
    }

    private static Vector<Example> letGo() {
        Scene cleared = linked().mmuUpdate(D1, 0x12, 0, Pte.EMPTY);
        return Vector.of(
                request(
                                "mm.entry.defer-table/b",
                                "both tables count an entry until it has been taken apart",
                                linked(),
                                set(0x12, 0, Pte.EMPTY))
                        .answers(Trees.carrying(0))
                        .changes(
                                "mfn 12[0]: mfn 18 ro+24 -> -",
                                "d1v0 unfinished: none -> some(unfinished[table=mfn 18,"
                                        + " container=mfn 12, hascontainer=true, partial=false])")
                        .owes(FLUSH, ONE_DONE),
                Example.of(
                                "mm.mmu-update/b",
                                "an entry for a table of its level that is gone counts no more",
                                cleared,
                                D1,
                                new Event.Call(Invocation.MmuUpdateCall.carrying(0)))
                        .answers("returns 0")
                        .changes(
                                "mfn 12 linear: 1 -> 0",
                                "mfn 18 refs: 3 -> 2",
                                "mfn 18 type: l2 x2 valid pinned -> l2 x1 valid pinned",
                                "mfn 18 linear: -1 -> 0",
                                "d1v0 unfinished: some(unfinished[table=mfn 18, container=mfn 12,"
                                        + " hascontainer=true, partial=false]) -> none"),
                request(
                                "mm.entry.defer-table/a",
                                "an entry for its own table leaves nothing to be done",
                                pinned().mmuUpdate(D1, 0x12, 0, Scene.readOnly(0x12)),
                                set(0x12, 0, Pte.EMPTY))
                        .answers("returns 0")
                        .changes("mfn 12[0]: mfn 12 ro+24 -> -")
                        .owes(FLUSH, ONE_DONE));
    }
}
