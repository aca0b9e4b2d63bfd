// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.TWO;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.x86.Pte;

/// Examples of level 1 entries that map the memory of another domain, or what Xen shares.
final class ForeignEntryExamples {

    private ForeignEntryExamples() {}

    static Vector<Example> all() {
        return foreign().appendAll(special());
    }

    private static Example mapping(String row, String title, Pte entry) {
        return request(row, title, Trees.pinnedL1(), set(0x10, 1, entry));
    }

    private static Scene targeting(Scene scene) {
        return scene.domain(scene.machine().domain(ONE).withTarget(TWO));
    }

    private static Vector<Example> foreign() {
        return Vector.of(
                request(
                                "mm.entry.get-frame/d",
                                "who may act on its target must still say that it maps it",
                                targeting(Trees.pinnedL1()),
                                set(0x10, 1, Scene.readOnly(0x20)))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-frame/i",
                                "who may act on its target maps it writable",
                                targeting(Trees.pinnedL1()),
                                D1,
                                ForeignDomains.of(TWO),
                                set(0x10, 1, Scene.writable(0x20)))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[1]: - -> mfn 20 rw+124",
                                "mfn 20 refs: 1 -> 2",
                                "mfn 20 type: none x0 unchecked -> writable x1 valid")
                        .owes("flush TypeChange[owner=d2, mfn=mfn 20, wasTable=false]", ONE_DONE),
                request(
                                "mm.entry.get-frame/d",
                                "the control domain must name the right owner of a frame",
                                Trees.controlL1(),
                                D0,
                                ForeignDomains.of(ONE),
                                set(0x8, 0, Scene.readOnly(0x20)))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-frame/h",
                                "the right to map a target's frame passes on to the control domain",
                                targeting(Trees.controlL1()),
                                D0,
                                ForeignDomains.of(ONE),
                                set(0x8, 0, Scene.readOnly(0x20)))
                        .answers("returns 0")
                        .changes("mfn 8[0]: - -> mfn 20 ro+124", "mfn 20 refs: 1 -> 2")
                        .owes(ONE_DONE));
    }

    private static Vector<Example> special() {
        Scene cow = Trees.pinnedL1().frame(0x2f, Frame.allocatedTo(Domid.COW));
        Scene shared = Trees.controlL1().frame(0x29, Frame.sharedWith(new Domid(0)));
        return Vector.of(
                request(
                                "mm.entry.get-frame/e",
                                "a frame shared copy-on-write is not mapped writable",
                                cow,
                                set(0x10, 1, Scene.writable(0x2f)))
                        .answers("returns -16 EBUSY")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-frame/h",
                                "a frame shared copy-on-write is mapped read-only by anybody",
                                cow,
                                set(0x10, 1, Scene.readOnly(0x2f)))
                        .answers("returns 0")
                        .changes("mfn 10[1]: - -> mfn 2f ro+124", "mfn 2f refs: 1 -> 2")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.get-frame/g",
                                "the memory type of a frame that Xen shares is not chosen",
                                shared,
                                D0,
                                ForeignDomains.SELF,
                                set(0x8, 0, Scene.writable(0x29).with(Pte.CACHE_DISABLE)))
                        .answers("returns -13 EACCES")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-frame/i",
                                "a domain with devices chooses the memory type of its memory",
                                Trees.controlL1(),
                                D0,
                                ForeignDomains.SELF,
                                set(0x8, 0, Scene.writable(0x9).with(Pte.PAT)))
                        .answers("returns 0")
                        .changes(
                                "mfn 8[0]: - -> mfn 9 rw+1a4",
                                "mfn 9 refs: 1 -> 2",
                                "mfn 9 type: none x0 unchecked -> writable x1 valid")
                        .owes("flush TypeChange[owner=d0, mfn=mfn 9, wasTable=false]", ONE_DONE),
                mapping(
                                "mm.entry.get-frame/i",
                                "a frame that Xen shares with the guest is mapped writable",
                                Scene.writable(0x28))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[1]: - -> mfn 28 rw+124",
                                "mfn 28 refs: 1 -> 2",
                                "mfn 28 type: writable x1 valid -> writable x2 valid")
                        .owes(ONE_DONE),
                mapping(
                                "mm.entry.get-frame/h",
                                "a page table is mapped read-only, even in itself",
                                Scene.readOnly(0x10))
                        .answers("returns 0")
                        .changes("mfn 10 refs: 2 -> 3", "mfn 10[1]: - -> mfn 10 ro+124")
                        .owes(ONE_DONE));
    }
}
