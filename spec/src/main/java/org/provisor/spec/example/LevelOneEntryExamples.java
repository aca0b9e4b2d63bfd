// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of what a level 1 entry holds when it maps ordinary memory.
final class LevelOneEntryExamples {

    private LevelOneEntryExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(put());
    }

    private static Example mapping(String row, String title, Pte entry) {
        return request(row, title, Trees.pinnedL1(), set(0x10, 1, entry));
    }

    private static Vector<Example> refused() {
        Scene typed = Trees.written().entry(0x10, 1, Scene.readOnly(0x15).with(Pte.PAT));
        return Vector.of(
                Example.of(
                                "mm.entry.get-frame/a",
                                "a table with a memory type in an entry is not checked as level 1",
                                typed.list(MmuextOp.of(MmuextCommand.PIN_L1_TABLE, 0x10)),
                                D1,
                                new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)))
                        .answers("returns -22 EINVAL")
                        .changes(
                                "mfn 14 type: none x0 unchecked -> writable x0 valid",
                                "mfn 14 stale: false -> true")
                        .owes(
                                "flush TypeChange[owner=d1, mfn=mfn 10, wasTable=false]",
                                "flush TypeChange[owner=d1, mfn=mfn 14, wasTable=false]",
                                NONE_DONE,
                                "store 14127 in mfn 10[0]"),
                mapping(
                                "mm.entry.get-frame/b",
                                "a frame number that the machine has not counts as a device's",
                                Scene.readOnly(0x1000))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                mapping("mm.entry.get-frame/c", "a free frame is not mapped", Scene.readOnly(0x30))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                mapping(
                                "mm.entry.get-frame/c",
                                "a frame of Xen's own is not mapped",
                                Scene.readOnly(0x1))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                mapping(
                                "mm.entry.get-frame/d",
                                "a frame of another domain is not mapped as one's own",
                                Scene.readOnly(0x20))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                mapping(
                                "mm.entry.get-frame/f",
                                "a page table is not mapped writable, not even in itself",
                                Scene.writable(0x10))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE));
    }

    private static Vector<Example> put() {
        Scene foreign =
                Trees.controlL1()
                        .list(set(0x8, 0, Scene.writable(0x15)))
                        .call(D0, Scene.mmuUpdate(1, ForeignDomains.of(ONE)));
        return Vector.of(
                request(
                                "mm.entry.put-frame/b",
                                "a read-only mapping lets go of a general reference",
                                Trees.pinnedL1().mmuUpdate(D1, 0x10, 1, Scene.readOnly(0x15)),
                                set(0x10, 1, Pte.EMPTY))
                        .answers("returns 0")
                        .changes("mfn 10[1]: mfn 15 ro+124 -> -", "mfn 15 refs: 2 -> 1")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.put-frame/c",
                                "one of two writable mappings goes, and the frame stays in use",
                                Trees.pinnedL1().mmuUpdate(D1, 0x10, 1, Scene.writable(0x14)),
                                set(0x10, 1, Pte.EMPTY))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[1]: mfn 14 rw+124 -> -",
                                "mfn 14 refs: 3 -> 2",
                                "mfn 14 type: writable x2 valid -> writable x1 valid",
                                "mfn 14 stale: false -> true")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.put-frame/c",
                                "old translations of who maps another's memory are not followed up",
                                foreign,
                                D0,
                                ForeignDomains.of(ONE),
                                set(0x8, 0, Pte.EMPTY))
                        .answers("returns 0")
                        .changes(
                                "mfn 8[0]: mfn 15 rw+124 -> -",
                                "mfn 15 refs: 2 -> 1",
                                "mfn 15 type: writable x1 valid -> writable x0 valid")
                        .owes(ONE_DONE));
    }
}
