// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;

/// Examples of where a vCPU has its local descriptor table.
final class LdtExamples {

    private static final String NONE = ldt(0, 0, "");

    private LdtExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                refused("a", "a local table has at most 8192 descriptors", 0, 8193),
                refused("b", "a local table starts at the start of a page", 0x1008, 1),
                refused("c", "a local table is not in Xen's part", 0xFFFF_8000_0000_0000L, 1),
                refused("c", "a local table is where addresses are canonical", 1L << 47, 1),
                same(),
                emptyAnywhere(),
                sameAndMapped(),
                longest(),
                shorter(),
                taken(),
                elsewhere());
    }

    /// A table in words.
    static String ldt(long base, int entries, String mapped) {
        return "localtable[base="
                + base
                + ", entries="
                + entries
                + ", mapped=hashmap("
                + mapped
                + ")]";
    }

    /// The table of the first vCPU of d1 has changed.
    static String changed(String before, String after) {
        return "d1v0 ldt: " + before + " -> " + after;
    }

    /// The same after the first vCPU of d1 said where its table is.
    static Scene set(Scene scene, long base, long entries) {
        return scene.list(MmuextOp.of(MmuextCommand.SET_LDT, base, entries))
                .then(D1, MmuextCalls.event(1));
    }

    private static Example sets(String row, String title, Scene scene, long base, long entries) {
        return MmuextCalls.of(
                        "mm.ldt." + row,
                        title,
                        scene,
                        MmuextOp.of(MmuextCommand.SET_LDT, base, entries))
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example refused(String row, String title, long base, long entries) {
        return sets("set/" + row, title, Scene.usual(), base, entries)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example same() {
        return sets("set/d", "a table may be set twice", set(Scene.usual(), 0x1000, 1), 0x1000, 1);
    }

    private static Example emptyAnywhere() {
        return sets(
                "set/d",
                "where an empty table is does not matter",
                Scene.usual(),
                0xFFFF_8000_0000_0008L,
                0);
    }

    private static Example sameAndMapped() {
        return sets(
                "set/d",
                "a table that is set once more stays mapped",
                LdtMappingExamples.mapped(),
                0,
                1024);
    }

    private static Example longest() {
        return sets(
                        "set/e",
                        "the longest table may be anywhere behind Xen's part",
                        Scene.usual(),
                        -0x10000,
                        8192)
                .changes(changed(NONE, ldt(-0x10000, 8192, "")));
    }

    private static Example shorter() {
        return sets(
                        "destroy/a",
                        "a table of which nothing is mapped is made shorter without a flush",
                        set(Scene.usual(), 0, 1024),
                        0,
                        512)
                .changes(changed(ldt(0, 1024, ""), ldt(0, 512, "")));
    }

    private static Example letGo(Example example, String after) {
        return example.changes(
                        "mfn 18 refs: 3 -> 2",
                        "mfn 18 type: segdesc x1 valid -> segdesc x0 valid",
                        changed(ldt(0, 1024, "(0, mfn 18)"), after))
                .owes("flush Local[vcpu=d1v0]", ONE_DONE);
    }

    private static Example taken() {
        return letGo(
                sets(
                        "destroy/b",
                        "a vCPU that wants no table any more lets go of what was mapped",
                        LdtMappingExamples.mapped(),
                        0,
                        0),
                NONE);
    }

    private static Example elsewhere() {
        return letGo(
                sets(
                        "set/f",
                        "a table elsewhere is not mapped yet, and the old one no more",
                        LdtMappingExamples.mapped(),
                        0x1000,
                        512),
                ldt(0x1000, 512, ""));
    }
}
