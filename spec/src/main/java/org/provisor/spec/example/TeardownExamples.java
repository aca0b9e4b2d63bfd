// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.x86.Pte;

/// Examples of taking page tables apart, at once or later.
final class TeardownExamples {

    private TeardownExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                apart(), preempted(), entries(), stoppedWithin(), stoppedAfter(), toTheEnd());
    }

    private static Example unpin(String row, String title, Scene scene, long mfn) {
        return of(row, title, scene, MmuextCommand.UNPIN_TABLE, mfn);
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

    private static Example apart() {
        return unpin("mm.demote/a", "a table and all below it are let go", l2(), 0x12)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 11 refs: 2 -> 1",
                        "mfn 11 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 12 refs: 2 -> 1",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x0 unchecked",
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: writable x1 valid -> writable x0 valid",
                        "mfn 18 stale: false -> true")
                .owes(ONE_DONE);
    }

    private static Example preempted() {
        return unpin(
                        "mm.demote/b",
                        "a table is let go entry by entry, the last entry first",
                        l2(),
                        0x12)
                .observed(Choices.preemptedAfter(0))
                .answers(carrying(0))
                .changes(
                        "mfn 11 refs: 2 -> 1",
                        "mfn 11 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x1 partial up to 1",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(ONE_DONE);
    }

    private static Example entries() {
        Scene usual = Scene.usual();
        IoRights device = new IoRights(HashSet.of(new Mfn(0)), false, false);
        return unpin(
                        "mm.demote/a",
                        "a level 1 table lets go of memory, and holds nothing of a device",
                        usual.domain(usual.machine().domain(new Domid(1)).withIo(device))
                                .entry(0x10, 0, Scene.writable(0x18))
                                .entry(0x10, 1, Scene.readOnly(0x19))
                                .entry(0x10, 2, Scene.writable(0))
                                .entry(0x10, 3, new Pte(0x1A000))
                                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid pinned -> l1 x0 unchecked",
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: writable x1 valid -> writable x0 valid",
                        "mfn 18 stale: false -> true",
                        "mfn 19 refs: 2 -> 1")
                .owes(ONE_DONE);
    }

    private static Example stoppedWithin() {
        return unpin(
                        "mm.demote.table/a",
                        "an entry whose table is taken apart only in part is still held",
                        l3(),
                        0x13)
                .observed(Choices.preemptedAfter(1))
                .answers(carrying(0))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid -> l2 x1 partial up to 1",
                        "mfn 13 refs: 2 -> 3",
                        "mfn 13 type: l3 x1 valid pinned -> l3 x1 partial up to 0 held",
                        "d1v0 unfinished: none -> " + unfinished(0x13, true))
                .owes(ONE_DONE);
    }

    private static Example stoppedAfter() {
        return unpin(
                        "mm.demote.table/b",
                        "a preemption check is made after each entry but the first",
                        l3(),
                        0x13)
                .observed(Choices.preemptedAfter(0))
                .answers(carrying(0))
                .changes(
                        "mfn 13 refs: 2 -> 3",
                        "mfn 13 type: l3 x1 valid pinned -> l3 x1 partial up to 1",
                        "d1v0 unfinished: none -> " + unfinished(0x13, true))
                .owes(ONE_DONE);
    }

    private static Example toTheEnd() {
        return unpin(
                        "mm.demote.table/c",
                        "a level 3 table of two entries is taken apart in two checks",
                        l3(),
                        0x13)
                .observed(Choices.preemptedAfter(2))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 2 -> 1",
                        "mfn 12 type: l2 x1 valid -> l2 x0 unchecked",
                        "mfn 13 refs: 2 -> 1",
                        "mfn 13 type: l3 x1 valid pinned -> l3 x0 unchecked")
                .owes(ONE_DONE);
    }
}
