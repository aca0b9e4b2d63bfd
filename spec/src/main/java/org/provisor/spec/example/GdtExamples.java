// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.DescriptorCalls.LOADED;
import static org.provisor.spec.example.DescriptorCalls.gdt;
import static org.provisor.spec.example.DescriptorCalls.listing;
import static org.provisor.spec.example.DescriptorCalls.table;
import static org.provisor.spec.example.DescriptorCalls.withGdt;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

/// Examples of global descriptor tables.
final class GdtExamples {

    private static final String NO_TABLE = table(0, "");

    private GdtExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                tooMany(),
                unread(),
                first(),
                largest(),
                sameTwice(),
                another(),
                takenAway(),
                takenAwayAtOnce(),
                again());
    }

    private static Example set(String row, String title, Scene scene, long entries) {
        return Example.of("mm." + row, title, scene, D1, DescriptorCalls.setGdt(entries));
    }

    private static Example tooMany() {
        return set(
                        "gdt.set/a",
                        "a guest has at most 7168 descriptors",
                        listing(Scene.usual(), 0x18L),
                        7169)
                .answers("returns -22 EINVAL");
    }

    private static Example unread() {
        return set(
                        "gdt.set/b",
                        "as many frames must be listed as the descriptors need",
                        listing(Scene.usual(), 0x18L),
                        513)
                .answers("returns -14 EFAULT");
    }

    private static Example first() {
        return set(
                        "gdt.set/d",
                        "a frame of descriptors becomes a vCPU's table",
                        listing(Scene.usual(), 0x18L),
                        1)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 1 -> 2",
                        "mfn 18 type: none x0 unchecked -> segdesc x1 valid",
                        gdt(NO_TABLE, table(1, "mfn 18")))
                .owes(newType(0x18), LOADED);
    }

    private static Example largest() {
        Long[] frames = Vector.fill(14, () -> 0x18L).toJavaArray(Long[]::new);
        return set(
                        "gdt.set/d",
                        "the largest table has 14 frames, which may all be one",
                        listing(Scene.usual(), frames),
                        7168)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 1 -> 15",
                        "mfn 18 type: none x0 unchecked -> segdesc x14 valid",
                        gdt(NO_TABLE, table(7168, Vector.fill(14, () -> "mfn 18").mkString(", "))))
                .owes(newType(0x18), LOADED);
    }

    private static Example sameTwice() {
        return set(
                        "gdt.hold/c",
                        "a frame in use for descriptors is held once more without a look at it",
                        withGdt(Scene.usual(), 1, 0x18L),
                        512)
                .answers("returns 0")
                .changes(gdt(table(1, "mfn 18"), table(512, "mfn 18")))
                .owes(LOADED);
    }

    private static Example another() {
        return set(
                        "gdt.destroy/b",
                        "the frames of the old table are let go when the new ones are held",
                        listing(withGdt(Scene.usual(), 1, 0x18L), 0x19L),
                        1)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: segdesc x1 valid -> segdesc x0 valid",
                        "mfn 19 refs: 1 -> 2",
                        "mfn 19 type: none x0 unchecked -> segdesc x1 valid",
                        gdt(table(1, "mfn 18"), table(1, "mfn 19")))
                .owes(newType(0x19), LOADED);
    }

    private static Example takenAway() {
        Scene given = withGdt(Scene.usual(), 1, 0x18L);
        return set(
                        "gdt.destroy/b",
                        "without descriptors the list is not read, and there is no table",
                        given.with(Scene.usual().ram()),
                        0)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 2 -> 1",
                        "mfn 18 type: segdesc x1 valid -> segdesc x0 valid",
                        gdt(table(1, "mfn 18"), NO_TABLE))
                .owes(LOADED);
    }

    private static Example takenAwayAtOnce() {
        return set("gdt.destroy/a", "a vCPU without a table has none", Scene.usual(), 0)
                .answers("returns 0")
                .owes(LOADED);
    }

    private static Example again() {
        return set(
                        "gdt.hold/c",
                        "a frame last used for descriptors is so again without a look at it",
                        listing(withGdt(withGdt(Scene.usual(), 1, 0x18L), 0), 0x18L),
                        1)
                .answers("returns 0")
                .changes(
                        "mfn 18 refs: 1 -> 2",
                        "mfn 18 type: segdesc x0 valid -> segdesc x1 valid",
                        gdt(NO_TABLE, table(1, "mfn 18")))
                .owes(LOADED);
    }
}
