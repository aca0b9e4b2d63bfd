// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.Machine;
import org.provisor.spec.x86.Pte;

/// Examples of level 1 entries that map devices: frame 0 is one, and so is a frame 0x1000 that has
/// no entry in the frame table.
final class DeviceEntryExamples {

    private static final ForeignDomains IO_IN_ONE = ForeignDomains.of(Domid.IO, ONE);

    private DeviceEntryExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(mapped()).appendAll(types()).appendAll(readOnly());
    }

    private static Scene allowed(Scene scene, Domid id) {
        IoRights rights = new IoRights(HashSet.of(new Mfn(0), new Mfn(0x1000)), true, false);
        return scene.domain(scene.machine().domain(id).withIo(rights));
    }

    /// The control domain may map both frames, and has the level 1 table 0x8.
    private static Scene control() {
        return allowed(Scene.usual(), new Domid(0)).mmuext(D0, MmuextCommand.PIN_L1_TABLE, 0x8);
    }

    private static Example mapping(String row, String title, Scene scene, Pte entry) {
        return request(row, title, scene, D0, ForeignDomains.SELF, set(0x8, 0, entry));
    }

    private static Vector<Example> refused() {
        Pte none = Pte.of(new Mfn(Pte.FRAME_MASK >>> 12), Pte.PRESENT | Pte.USER);
        return Vector.of(
                request(
                                "mm.entry.get-device/a",
                                "a guest without the right does not map a device",
                                Trees.pinnedL1(),
                                set(0x10, 1, Scene.readOnly(0)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-device/a",
                                "naming the owner of devices gives no right to map one",
                                Trees.pinnedL1(),
                                D1,
                                ForeignDomains.of(Domid.IO),
                                set(0x10, 1, Scene.readOnly(0)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-device/a",
                                "the control domain needs the right of who is said to own it",
                                control(),
                                D0,
                                ForeignDomains.of(ONE),
                                set(0x8, 0, Scene.readOnly(0)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-device/b",
                                "a device is not mapped into a guest that has no right to it",
                                allowed(Trees.pinnedL1(), new Domid(0)),
                                D0,
                                IO_IN_ONE,
                                set(0x10, 1, Scene.readOnly(0)))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                request(
                                "mm.entry.get-device/c",
                                "the frame number of all ones is refused in its own way",
                                Trees.pinnedL1(),
                                set(0x10, 1, none))
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE));
    }

    private static Vector<Example> mapped() {
        Scene both = allowed(allowed(Trees.pinnedL1(), new Domid(0)), ONE);
        Scene cleared = control().mmuUpdate(D0, 0x8, 0, Scene.writable(0));
        return Vector.of(
                mapping(
                                "mm.entry.get-device/d",
                                "a device is mapped uncached, and no reference is taken",
                                control(),
                                Scene.writable(0))
                        .answers("returns 0")
                        .changes("mfn 8[0]: - -> mfn 0 rw+13c")
                        .owes(ONE_DONE),
                mapping(
                                "mm.entry.get-device/d",
                                "a device beyond the frame table is mapped alike",
                                control(),
                                Scene.writable(0x1000))
                        .answers("returns 0")
                        .changes("mfn 8[0]: - -> mfn 1000 rw+13c")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.get-device/d",
                                "the control domain maps a device into a guest that may have it",
                                both,
                                D0,
                                IO_IN_ONE,
                                set(0x10, 1, Scene.writable(0)))
                        .answers("returns 0")
                        .changes("mfn 10[1]: - -> mfn 0 rw+13c")
                        .owes(ONE_DONE),
                request(
                                "mm.entry.put-frame/a",
                                "a mapping of a device held nothing that it could let go",
                                cleared,
                                D0,
                                ForeignDomains.SELF,
                                set(0x8, 0, Pte.EMPTY))
                        .answers("returns 0")
                        .changes("mfn 8[0]: mfn 0 rw+13c -> -")
                        .owes(ONE_DONE));
    }

    private static Vector<Example> types() {
        return Vector.of(
                type("a device mapped write-through becomes uncacheable", Pte.WRITE_THROUGH, "13c"),
                type(
                        "a device mapped write-protected becomes uncacheable",
                        Pte.WRITE_THROUGH | Pte.PAT,
                        "13c"),
                type("a device mapped write-combining stays so", Pte.PAT, "1a4"),
                type(
                        "a device mapped uncacheable but for ranges stays so",
                        Pte.CACHE_DISABLE,
                        "134"));
    }

    private static Example type(String title, long flags, String stored) {
        return mapping("mm.entry.get-device/d", title, control(), Scene.writable(0).with(flags))
                .answers("returns 0")
                .changes("mfn 8[0]: - -> mfn 0 rw+" + stored)
                .owes(ONE_DONE);
    }

    private static Vector<Example> readOnly() {
        Machine machine = control().machine();
        Scene scene =
                control()
                        .with(
                                new Machine(
                                        machine.profile().withReadOnlyMmio(new Mfn(0)),
                                        machine.frames(),
                                        machine.domains()));
        return Vector.of(
                mapping(
                                "mm.entry.get-device/e",
                                "a device that no guest may write is mapped read-only instead",
                                scene,
                                Scene.writable(0))
                        .answers("returns 0")
                        .changes("mfn 8[0]: - -> mfn 0 ro+13c")
                        .owes(ONE_DONE),
                mapping(
                                "mm.entry.get-device/d",
                                "a device that no guest may write is mapped read-only as asked",
                                scene,
                                Scene.readOnly(0))
                        .answers("returns 0")
                        .changes("mfn 8[0]: - -> mfn 0 ro+13c")
                        .owes(ONE_DONE));
    }
}
