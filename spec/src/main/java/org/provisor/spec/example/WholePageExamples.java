// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.by;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;

/// Examples of clearing and copying whole pages.
final class WholePageExamples {

    private static final ForeignDomains DEVICES = ForeignDomains.of(Domid.IO);

    private WholePageExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                clearRefused("a", "a frame of another domain is not cleared", 0x20),
                clearRefused("a", "a frame that the machine has not is not cleared", 0x1000),
                clearDevice(),
                clearRefused("b", "a page table in use is not cleared", 0x10),
                cleared(0x18, "an idle frame is cleared, and is writable memory from then on")
                        .changes("mfn 18 type: none x0 unchecked -> writable x0 valid")
                        .owes(newType(0x18), ONE_DONE, "clear mfn 18"),
                cleared(0x19, "a frame that the guest can write is cleared")
                        .owes(ONE_DONE, "clear mfn 19"),
                cleared(0x28, "the frame that Xen shares is cleared like any other")
                        .owes(ONE_DONE, "clear mfn 28"),
                clearedTable(),
                copyRefused("a", "a frame of another domain is not copied", 0x18, 0x20),
                copyDevice(),
                copyRefused("b", "nothing is copied to a frame of another domain", 0x20, 0x18),
                copyRefused("c", "nothing is copied to a page table in use", 0x10, 0x18),
                copied(),
                ontoItself());
    }

    /// Frame 0x10 is a level 1 table that maps 0x19 writable.
    private static Scene scene() {
        return Scene.usual()
                .entry(0x10, 0, Scene.writable(0x19))
                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
    }

    private static Example clearRefused(String row, String title, long mfn) {
        return of("mm.clear-page/" + row, title, scene(), MmuextCommand.CLEAR_PAGE, mfn)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example clearDevice() {
        return by(
                        D0,
                        DEVICES,
                        "mm.clear-page/a",
                        "a device's frame is no memory to clear, not even for a control domain",
                        scene(),
                        MmuextOp.of(MmuextCommand.CLEAR_PAGE, 0))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example cleared(long mfn, String title) {
        return of("mm.clear-page/c", title, scene(), MmuextCommand.CLEAR_PAGE, mfn)
                .answers("returns 0");
    }

    private static Example clearedTable() {
        return of(
                        "mm.clear-page/c",
                        "a page table that nobody holds any more is cleared",
                        scene().mmuext(D1, MmuextCommand.UNPIN_TABLE, 0x10),
                        MmuextCommand.CLEAR_PAGE,
                        0x10)
                .answers("returns 0")
                .changes("mfn 10 type: l1 x0 unchecked -> writable x0 valid")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 10, wasTable=true]",
                        ONE_DONE,
                        "clear mfn 10");
    }

    private static MmuextOp copy(long to, long from) {
        return MmuextOp.of(MmuextCommand.COPY_PAGE, to, from);
    }

    private static Example copyRefused(String row, String title, long to, long from) {
        return of("mm.copy-page/" + row, title, scene(), copy(to, from))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example copyDevice() {
        return by(
                        D0,
                        DEVICES,
                        "mm.copy-page/a",
                        "a device's frame is no memory to copy, not even for a control domain",
                        scene(),
                        copy(0, 0))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example copied() {
        return of(
                        "mm.copy-page/d",
                        "a page table in use is copied to an idle frame",
                        scene(),
                        copy(0x18, 0x10))
                .answers("returns 0")
                .changes("mfn 18 type: none x0 unchecked -> writable x0 valid")
                .owes(newType(0x18), ONE_DONE, "copy mfn 10 to mfn 18");
    }

    private static Example ontoItself() {
        return of(
                        "mm.copy-page/d",
                        "a frame that the guest can write is copied onto itself",
                        scene(),
                        copy(0x19, 0x19))
                .answers("returns 0")
                .owes(ONE_DONE, "copy mfn 19 to mfn 19");
    }
}
