// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.FLUSH;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.x86.Pte;

/// Examples of changing an entry of a level 2, 3 or 4 table of a 64-bit guest.
final class TableEntryUpdateExamples {

    private TableEntryUpdateExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(flags()).appendAll(replaced());
    }

    private static String left(int table, int container) {
        return "d1v0 unfinished: none -> some(unfinished[table=mfn "
                + Integer.toHexString(table)
                + ", container=mfn "
                + Integer.toHexString(container)
                + ", hascontainer=true, partial=false])";
    }

    private static Example refusing(String row, String title, Scene scene, long table, Pte entry) {
        return request(row, title, scene, set(table, 1, entry))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Vector<Example> refused() {
        Scene free = Trees.pinnedL2().entry(0x11, 0, Scene.readOnly(0x30));
        return Vector.of(
                request(
                                "mm.entry.update-table/b",
                                "the first of Xen's slots of a root is not the guest's",
                                Trees.pinnedL4(),
                                set(0x16, 256, Scene.writable(0x13)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-table/b",
                                "the last of Xen's slots of a root is not even cleared",
                                Trees.pinnedL4(),
                                set(0x16, 271, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                refusing(
                        "mm.entry.update-table/c",
                        "a guest has no large pages",
                        Trees.pinnedL2(),
                        0x12,
                        Scene.writable(0x14).with(Pte.PAGE_SIZE)),
                refusing(
                        "mm.entry.update-table/c",
                        "a level 3 entry chooses no memory type",
                        Trees.pinnedL3(),
                        0x13,
                        Scene.writable(0x12).with(Pte.WRITE_THROUGH)),
                refusing(
                        "mm.entry.update-table/c",
                        "a level 4 entry is not global",
                        Trees.pinnedL4(),
                        0x16,
                        Scene.writable(0x13).with(Pte.GLOBAL)),
                refusing(
                        "mm.entry.update-table/e",
                        "a level 2 entry does not lead to another domain's frame",
                        Trees.pinnedL2(),
                        0x12,
                        Scene.writable(0x20)),
                request(
                                "mm.entry.get-table/e",
                                "a table below with an entry that cannot be held is refused so",
                                free,
                                set(0x12, 1, Scene.writable(0x11)))
                        .answers("returns -16 EBUSY")
                        .owes("flush TypeChange[owner=d1, mfn=mfn 11, wasTable=false]", NONE_DONE));
    }

    private static Vector<Example> flags() {
        Pte marked = Scene.writable(0x10).with(Pte.NO_EXECUTE | 1L << 9);
        Pte bare = Pte.of(new Mfn(0x17), Pte.PRESENT | Pte.WRITABLE);
        String typed = "flush TypeChange[owner=d1, mfn=mfn 17, wasTable=false]";
        return Vector.of(
                request(
                                "mm.entry.update-table/d",
                                "flags that hold nothing change at once, and a flush is owed",
                                Trees.pinnedL2(),
                                set(0x12, 0, marked))
                        .answers("returns 0")
                        .changes("mfn 12[0]: mfn 10 rw+24 -> mfn 10 rw+8000000000000224")
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.update-table/f",
                                "permission to write does not change without references",
                                Trees.pinnedL2(),
                                set(0x12, 0, Scene.readOnly(0x10)))
                        .answers(Trees.carrying(0))
                        .changes(
                                "mfn 10 refs: 2 -> 3",
                                "mfn 10 type: l1 x1 valid -> l1 x2 valid",
                                "mfn 12[0]: mfn 10 rw+24 -> mfn 10 ro+24",
                                left(0x10, 0x12))
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.update-table/f",
                                "a level 3 entry is stored as one for ring 3",
                                Trees.pinnedL3(),
                                set(0x13, 1, bare))
                        .answers("returns 0")
                        .changes(
                                "mfn 13[1]: - -> mfn 17 rw+4",
                                "mfn 17 refs: 1 -> 2",
                                "mfn 17 type: none x0 unchecked -> l2 x1 valid")
                        .owes(typed, FLUSH, ONE_DONE),
                request(
                                "mm.entry.update-table/f",
                                "a level 4 entry is stored as accessed too",
                                Trees.pinnedL4(),
                                set(0x16, 272, bare))
                        .answers("returns 0")
                        .changes(
                                "mfn 16[272]: - -> mfn 17 rw+24",
                                "mfn 17 refs: 1 -> 2",
                                "mfn 17 type: none x0 unchecked -> l3 x1 valid")
                        .owes(typed, FLUSH, ONE_DONE));
    }

    private static Vector<Example> replaced() {
        return Vector.of(
                request(
                                "mm.entry.update-table/f",
                                "the new table is held and the old one left for later",
                                Trees.pinnedL2(),
                                set(0x12, 0, Scene.writable(0x11)))
                        .answers(Trees.carrying(0))
                        .changes(
                                "mfn 11 refs: 1 -> 2",
                                "mfn 11 type: none x0 unchecked -> l1 x1 valid",
                                "mfn 12[0]: mfn 10 rw+24 -> mfn 11 rw+24",
                                left(0x10, 0x12))
                        .owes(
                                "flush TypeChange[owner=d1, mfn=mfn 11, wasTable=false]",
                                FLUSH,
                                ONE_DONE),
                request(
                                "mm.entry.update-table/g",
                                "the table of a cleared entry is left for later",
                                Trees.pinnedL4(),
                                set(0x16, 0, Pte.EMPTY))
                        .answers(Trees.carrying(0))
                        .changes("mfn 16[0]: mfn 13 rw+24 -> -", left(0x13, 0x16))
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.update-table/g",
                                "bits that are kept stay in a cleared entry of a higher table",
                                Trees.pinnedL3(),
                                Trees.keeping(0x13, 0, Pte.EMPTY))
                        .answers(Trees.carrying(0))
                        .changes("mfn 13[0]: mfn 12 rw+24 -> not present 20", left(0x12, 0x13))
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.defer-table/a",
                                "an entry that was not present leaves nothing to be done",
                                Trees.pinnedL2(),
                                set(0x12, 1, Scene.writable(0x10)))
                        .answers("returns 0")
                        .changes(
                                "mfn 10 refs: 2 -> 3",
                                "mfn 10 type: l1 x1 valid -> l1 x2 valid",
                                "mfn 12[1]: - -> mfn 10 rw+24")
                        .owes(FLUSH, ONE_DONE),
                request(
                                "mm.entry.defer-table/b",
                                "a table that others use too is left for later all the same",
                                Trees.pinnedL2().mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                                set(0x12, 0, Pte.EMPTY))
                        .answers(Trees.carrying(0))
                        .changes("mfn 12[0]: mfn 10 rw+24 -> -", left(0x10, 0x12))
                        .owes(FLUSH, ONE_DONE));
    }
}
