// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.THREE;
import static org.provisor.spec.example.Trees.keeping;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.x86.Pte;

/// Examples of changing an entry of a level 1 table, and of the flags that are stored.
final class EntryUpdateExamples {

    /// What lets go of the writable mapping of 0x14.
    private static final String[] LET_GO = {
        "mfn 14 refs: 2 -> 1",
        "mfn 14 type: writable x1 valid -> writable x0 valid",
        "mfn 14 stale: false -> true"
    };

    private EntryUpdateExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(flags()).appendAll(accessed()).appendAll(mapped());
    }

    private static Vector<Example> refused() {
        return Vector.of(
                request(
                                "mm.entry.update-l1/a",
                                "a guest without devices does not choose a memory type",
                                Trees.pinnedL1(),
                                set(0x10, 1, Scene.writable(0x15).with(Pte.CACHE_DISABLE)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-l1/a",
                                "a forbidden flag is refused even where nothing else changes",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.writable(0x14).with(Pte.PAT)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.update-l1/c",
                                "an entry that cannot be held leaves the old one alone",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.readOnly(0x20)))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE));
    }

    private static Vector<Example> flags() {
        Pte marked = Scene.writable(0x14).with(Pte.NO_EXECUTE | 1L << 9);
        Scene of32 = Trees.mmuext(Trees.with32Bit(), THREE, MmuextCommand.PIN_L1_TABLE, 0x34);
        return Vector.of(
                request(
                                "mm.entry.update-l1/b",
                                "flags that hold nothing change without a reference being taken",
                                Trees.pinnedL1(),
                                set(0x10, 0, marked))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+8000000000000324")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/b",
                                "an entry for the kernel only is marked and made one for ring 3",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.writable(0x14).without(Pte.USER)))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+10000000000024")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/b",
                                "an entry with Xen's mark keeps it and is not made global",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.writable(0x14).with(1L << 52)))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+10000000000024")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/b",
                                "an entry for the kernel only may be global if the guest says so",
                                Trees.pinnedL1(),
                                set(
                                        0x10,
                                        0,
                                        Scene.writable(0x14).without(Pte.USER).with(Pte.GLOBAL)))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+10000000000124")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/d",
                                "a level 1 entry of a 32-bit guest is stored as it is",
                                of32,
                                D0,
                                ForeignDomains.of(THREE, THREE),
                                set(0x34, 0, Pte.of(new Mfn(0x35), Pte.PRESENT)))
                        .answers("returns 0")
                        .changes("mfn 34[0]: - -> mfn 35 ro", "mfn 35 refs: 1 -> 2")
                        .owes(ONE_DONE));
    }

    private static Vector<Example> accessed() {
        Scene dirty =
                Trees.written()
                        .entry(0x10, 0, Scene.writable(0x14).with(Pte.DIRTY))
                        .mmuext(Scene.D1, MmuextCommand.PIN_L1_TABLE, 0x10);
        Pte clean = Scene.writable(0x14).without(Pte.ACCESSED);
        return Vector.of(
                request(
                                "mm.entry.update-l1/b",
                                "a plain update takes accessed and dirty bits away",
                                dirty,
                                set(0x10, 0, clean))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+164 -> mfn 14 rw+104")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/b",
                                "an update that keeps accessed and dirty bits adds them",
                                dirty,
                                keeping(0x10, 0, clean.with(Pte.NO_EXECUTE)))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+164 -> mfn 14 rw+8000000000000164")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/d",
                                "bits that are kept go over to the mapping of another frame",
                                dirty,
                                keeping(0x10, 0, Pte.of(new Mfn(0x15), Pte.PRESENT | Pte.USER)))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+164 -> mfn 15 ro+164",
                                LET_GO[0],
                                LET_GO[1],
                                LET_GO[2],
                                "mfn 15 refs: 1 -> 2")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/e",
                                "bits that are kept stay in an entry that is cleared",
                                dirty,
                                keeping(0x10, 0, Pte.EMPTY))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+164 -> not present 60",
                                LET_GO[0],
                                LET_GO[1],
                                LET_GO[2])
                        .owes(ONE_DONE));
    }

    private static Vector<Example> mapped() {
        return Vector.of(
                request(
                                "mm.entry.update-l1/d",
                                "the new frame is held and the old one let go",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.readOnly(0x15)))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> mfn 15 ro+124",
                                LET_GO[0],
                                LET_GO[1],
                                LET_GO[2],
                                "mfn 15 refs: 1 -> 2")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/d",
                                "taking away permission to write lets go of the type",
                                Trees.pinnedL1(),
                                set(0x10, 0, Scene.readOnly(0x14)))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 ro+124", LET_GO[1], LET_GO[2])
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/e",
                                "a cleared entry lets go of what it held",
                                Trees.pinnedL1(),
                                set(0x10, 0, Pte.EMPTY))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> -", LET_GO[0], LET_GO[1], LET_GO[2])
                        .owes(ONE_DONE),
                request(
                                "mm.entry.update-l1/e",
                                "what a guest keeps in an entry that is not present is its own",
                                Trees.pinnedL1(),
                                set(0x10, 1, new Pte(0x8000_0000_0002_0ffeL)))
                        .answers("returns 0")
                        .changes("mfn 10[1]: - -> not present 8000000000020ffe")
                        .owes(ONE_DONE));
    }
}
