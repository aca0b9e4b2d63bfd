// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.x86.Pte;

/// Examples of frames that cannot be pinned or unpinned: every error.
final class PinningRefusedExamples {

    private PinningRefusedExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                noSuchFrame(),
                badFlag(),
                somebodyElses(),
                device(),
                memoryType(),
                writable(),
                deepBusy(),
                somethingLeft(),
                unpinSomebodyElses());
    }

    private static Example l1(String title, Scene scene, Pte entry, String error) {
        return of("mm.pin/d", title, scene.entry(0x10, 0, entry), MmuextCommand.PIN_L1_TABLE, 0x10)
                .answers(error)
                .owes(newType(0x10), NONE_DONE);
    }

    private static Example noSuchFrame() {
        return of(
                        "mm.pin/b",
                        "a frame that the machine has not is not pinned",
                        Scene.usual(),
                        MmuextCommand.PIN_L1_TABLE,
                        0x1000)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example badFlag() {
        return l1(
                "a level 1 table that chooses a memory type is not pinned",
                Scene.usual(),
                Scene.readOnly(0x18).with(Pte.WRITE_THROUGH),
                "returns -22 EINVAL");
    }

    private static Example somebodyElses() {
        return l1(
                "a level 1 table that maps a frame of another domain is not pinned",
                Scene.usual(),
                Scene.readOnly(0x20),
                "returns -16 EBUSY");
    }

    private static Example device() {
        return l1(
                "a level 1 table that maps a device is not pinned",
                Scene.usual(),
                Scene.readOnly(0),
                "returns -1 EPERM");
    }

    private static Example memoryType() {
        Scene usual = Scene.usual();
        IoRights ports = new IoRights(HashSet.empty(), true, false);
        return l1(
                "a level 1 table that chooses a memory type for Xen's frame is not pinned",
                usual.domain(usual.machine().domain(new Domid(1)).withIo(ports)),
                Scene.readOnly(0x28).with(Pte.CACHE_DISABLE),
                "returns -13 EACCES");
    }

    private static Example writable() {
        return of(
                        "mm.pin/d",
                        "a frame that the guest can write is not pinned",
                        Scene.usual()
                                .entry(0x10, 0, Scene.writable(0x18))
                                .mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10),
                        MmuextCommand.PIN_L1_TABLE,
                        0x18)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example deepBusy() {
        return of(
                        "mm.pin/d",
                        "the error of a level 1 table is that of the level 2 table above",
                        Scene.usual()
                                .entry(0x10, 0, Scene.readOnly(0x20))
                                .entry(0x12, 0, Scene.writable(0x10)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers("returns -16 EBUSY")
                .owes(newType(0x12), newType(0x10), NONE_DONE);
    }

    private static Example somethingLeft() {
        return of(
                        "mm.pin/d",
                        "a table with good entries before a bad one is left to be taken apart",
                        Scene.usual()
                                .entry(0x12, 0, Scene.writable(0x10))
                                .entry(0x12, 1, Scene.writable(0x20)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers(carrying(-22))
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 12[0]: - -> mfn 10 rw+24",
                        "mfn 12[1]: - -> mfn 20 rw+24",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(newType(0x12), newType(0x10), NONE_DONE);
    }

    private static Example unpinSomebodyElses() {
        return of(
                        "mm.unpin/a",
                        "a frame of another domain is not unpinned",
                        Scene.usual().mmuext(Scene.D2, MmuextCommand.PIN_L1_TABLE, 0x20),
                        MmuextCommand.UNPIN_TABLE,
                        0x20)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }
}
