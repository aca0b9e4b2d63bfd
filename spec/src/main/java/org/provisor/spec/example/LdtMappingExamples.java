// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.LdtExamples.changed;
import static org.provisor.spec.example.LdtExamples.ldt;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of the processor's asking for a page of the local descriptor table. The guest's root
/// 0x14 leads to the level 1 table 0x10, which maps address 0 to the frame 0x18, read-only, and
/// 0x1000 to the frame 0x19, writable.
final class LdtMappingExamples {

    private LdtMappingExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                noRoot(),
                notPresent(),
                notCanonical(),
                device(),
                writable(),
                harmful(),
                first(),
                secondOfTwo(),
                notReadable());
    }

    private static Scene written() {
        return Scene.usual()
                .entry(0x10, 0, Scene.readOnly(0x18))
                .entry(0x10, 1, Scene.writable(0x19))
                .entry(0x12, 0, Scene.writable(0x10))
                .entry(0x13, 0, Scene.writable(0x12))
                .entry(0x14, 0, Scene.writable(0x13));
    }

    /// With the root, and a table from address 0 on of so many descriptors.
    private static Scene rooted(Scene scene, long entries) {
        return LdtExamples.set(scene.mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x14), 0, entries);
    }

    /// The first vCPU of d1 has a table of two pages from address 0 on, the first of which is
    /// mapped, from the frame 0x18.
    static Scene mapped() {
        return rooted(written(), 1024).then(D1, new Event.LoadDescriptor(0));
    }

    private static Example loads(String row, String title, Scene scene, int offset) {
        return Example.of("mm.ldt.map/" + row, title, scene, D1, new Event.LoadDescriptor(offset));
    }

    private static Example noRoot() {
        return loads(
                        "a",
                        "without page tables there is no descriptor",
                        LdtExamples.set(Scene.usual(), 0, 1),
                        0)
                .answers("page fault at va 0");
    }

    private static Example notPresent() {
        return loads(
                        "a",
                        "a page fault names the guest's own address of the descriptor",
                        rooted(written(), 2048),
                        0x2008)
                .answers("page fault at va 2008");
    }

    private static Example notCanonical() {
        return loads(
                        "a",
                        "behind the last canonical address a fault names the descriptor",
                        LdtExamples.set(rooted(written(), 0), 0x7FFF_FFFF_F000L, 1024),
                        0x1008)
                .answers("general protection, error code 100c");
    }

    private static Example device() {
        Scene written = written().entry(0x10, 0, Scene.readOnly(0));
        IoRights device = new IoRights(HashSet.of(new Mfn(0)), false, false);
        return loads(
                        "b",
                        "a device's memory is no place for descriptors",
                        rooted(
                                written.domain(
                                        written.machine().domain(new Domid(1)).withIo(device)),
                                1),
                        0)
                .answers("page fault at va 0");
    }

    private static Example writable() {
        return loads(
                        "c",
                        "a page that the guest can write is no place for descriptors",
                        rooted(written(), 1024),
                        0x1000)
                .answers("page fault at va 1000");
    }

    private static Example harmful() {
        return loads(
                        "c",
                        "a page with a harmful descriptor faults, whichever is asked for",
                        rooted(
                                DescriptorCalls.written(
                                        written(), 0x18, 511, DescriptorCalls.INTERRUPT_GATE),
                                1),
                        0)
                .answers("page fault at va 0")
                .owes(newType(0x18));
    }

    private static Example held(Example example, long mfn, String before, String after) {
        String name = "mfn " + Long.toHexString(mfn);
        return example.answers("goes on")
                .changes(
                        name + " refs: 2 -> 3",
                        name + " type: none x0 unchecked -> segdesc x1 valid",
                        changed(before, after))
                .owes(newType(mfn));
    }

    private static Example first() {
        return held(
                loads(
                        "d",
                        "a page is checked and mapped when the processor first asks for it",
                        rooted(written(), 1024),
                        8),
                0x18,
                ldt(0, 1024, ""),
                ldt(0, 1024, "(0, mfn 18)"));
    }

    private static Example secondOfTwo() {
        return held(
                loads(
                        "d",
                        "each page of a table is mapped on its own",
                        mapped().mmuUpdate(D1, 0x10, 1, Scene.readOnly(0x1a)),
                        0x1000),
                0x1a,
                ldt(0, 1024, "(0, mfn 18)"),
                ldt(0, 1024, "(0, mfn 18), (1, mfn 1a)"));
    }

    private static Example notReadable() {
        return held(
                loads(
                        "d",
                        "only the last entry of a page counts, not who may use it",
                        rooted(written().entry(0x10, 0, Scene.readOnly(0x18).without(Pte.USER)), 1),
                        0),
                0x18,
                ldt(0, 1, ""),
                ldt(0, 1, "(0, mfn 18)"));
    }
}
