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

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.FrameList;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of requests of `mmu_update` about an entry of a page table, or about a word of memory.
final class MmuUpdateEntryExamples {

    private MmuUpdateEntryExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(changed());
    }

    private static Vector<Example> refused() {
        Scene l2OfZero = Scene.usual().mmuext(D0, MmuextCommand.PIN_L2_TABLE, 0x8);
        return Vector.of(
                request(
                                "mm.mmu-update.entry/a",
                                "a guest does not map the memory of another",
                                Trees.pinnedL1(),
                                D1,
                                ForeignDomains.of(TWO),
                                set(0x10, 1, Scene.readOnly(0x20)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/a",
                                "a guest does not map what Xen shares with the control domain",
                                Trees.pinnedL1(),
                                D1,
                                ForeignDomains.of(Domid.XEN),
                                set(0x10, 1, Scene.readOnly(0x1)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/b",
                                "a guest does not change the page tables of another",
                                Trees.pinnedL1(),
                                D1,
                                ForeignDomains.of(Domid.SELF, TWO),
                                set(0x20, 0, Pte.EMPTY))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/c",
                                "a frame of another domain is not the caller's table",
                                Trees.pinnedL1(),
                                set(0x20, 0, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/c",
                                "a frame that the machine has not is nobody's table",
                                Trees.pinnedL1(),
                                set(0x1000, 0, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/e",
                                "a level 2 table does not lead to a table of another domain",
                                l2OfZero,
                                D0,
                                ForeignDomains.of(ONE),
                                set(0x8, 0, Scene.writable(0x10)))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/e",
                                "who changes another's level 2 table must name it as owner twice",
                                Trees.pinnedL2(),
                                D0,
                                ForeignDomains.of(Domid.SELF, ONE),
                                set(0x12, 0, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE));
    }

    private static Scene withGdt() {
        GuestAddress at = new GuestAddress(0x30000);
        return Scene.usual()
                .structure(at, FrameList.toBytes(Vector.of(0x15L), Bitness.BITS_64))
                .call(D1, new Invocation.SetGdtCall(at, 1));
    }

    private static Scene halfChecked() {
        return Trees.emptyL3()
                .list(set(0x13, 0, Scene.writable(0x12)))
                .then(
                        D1,
                        new Event.Call(Scene.mmuUpdate(1, ForeignDomains.SELF)),
                        Choices.preemptedAfter(0));
    }

    private static Vector<Example> changed() {
        return Vector.of(
                request(
                                "mm.mmu-update.entry/d",
                                "the control domain changes a level 1 table of a guest",
                                Trees.pinnedL1(),
                                D0,
                                ForeignDomains.of(ONE, ONE),
                                set(0x10, 1, Scene.readOnly(0x15)))
                        .answers("returns 0")
                        .changes("mfn 10[1]: - -> mfn 15 ro+124", "mfn 15 refs: 1 -> 2")
                        .owes(ONE_DONE),
                request(
                                "mm.mmu-update.entry/f",
                                "the control domain changes a level 2 table of a guest",
                                Trees.pinnedL2(),
                                D0,
                                ForeignDomains.of(ONE, ONE),
                                set(0x12, 1, Scene.writable(0x10)))
                        .answers("returns 0")
                        .changes(
                                "mfn 10 refs: 2 -> 3",
                                "mfn 10 type: l1 x1 valid -> l1 x2 valid",
                                "mfn 12[1]: - -> mfn 10 rw+24")
                        .owes("flush Domain[domain=d1]", ONE_DONE),
                request(
                                "mm.mmu-update.entry/g",
                                "a word of memory that is mapped writable is stored unchecked",
                                Trees.pinnedL1(),
                                set(0x14, 5, Scene.writable(0x10)))
                        .answers("returns 0")
                        .owes(ONE_DONE, "store 10027 in mfn 14[5]"),
                request(
                                "mm.mmu-update.entry/h",
                                "a frame of descriptors is not changed as an entry",
                                withGdt(),
                                set(0x15, 0, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                request(
                                "mm.mmu-update.entry/i",
                                "memory without a type becomes writable memory by the way",
                                Scene.usual(),
                                set(0x15, 0, Scene.writable(0x10)))
                        .answers("returns 0")
                        .changes("mfn 15 type: none x0 unchecked -> writable x0 valid")
                        .owes(
                                "flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]",
                                ONE_DONE,
                                "store 10027 in mfn 15[0]"),
                request(
                                "mm.mmu-update.entry/j",
                                "a table that is checked in part only is not changed",
                                halfChecked(),
                                set(0x12, 5, Pte.EMPTY))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE));
    }
}
