// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.transition.Event;

/// Examples of reading the caller's own entry for an address, here for the page of its local
/// descriptor table that the processor asks for. The table starts at the address 0x1000.
final class GuestWalkExamples {

    private GuestWalkExamples() {}

    static Vector<Example> all() {
        Scene mapped = Trees.rooted().mmuUpdate(D1, 0x10, 1, Scene.readOnly(0x15));
        return Vector.of(
                load(
                                "mm.guest-walk.effective/a",
                                "an address that no table says anything of has no entry",
                                Trees.rooted(),
                                0x20_0000)
                        .answers("page fault at va 200000"),
                load(
                                "mm.guest-walk.effective/b",
                                "an entry that is not present is an entry",
                                Trees.rooted(),
                                0x1000)
                        .answers("page fault at va 1000"),
                load(
                                "mm.guest-walk.effective/b",
                                "a page that the entry maps is found by its address",
                                mapped,
                                0x1000)
                        .answers("goes on")
                        .changes(
                                "mfn 15 refs: 2 -> 3",
                                "mfn 15 type: none x0 unchecked -> segdesc x1 valid",
                                "d1v0 ldt: localtable[base=4096, entries=8, mapped=hashmap()] ->"
                                        + " localtable[base=4096, entries=8,"
                                        + " mapped=hashmap((0, mfn 15))]")
                        .owes("flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]"));
    }

    private static Example load(String row, String title, Scene scene, long base) {
        Scene set =
                scene.list(MmuextOp.of(MmuextCommand.SET_LDT, base, 8))
                        .call(D1, Scene.mmuext(1, ForeignDomains.SELF));
        return Example.of(row, title, set, D1, new Event.LoadDescriptor(0));
    }
}
