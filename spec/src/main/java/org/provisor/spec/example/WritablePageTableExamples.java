// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// Examples of writes to level 1 tables that are mapped read-only. The guest d1 sees its level 1
/// table 0x10 at the address 0x1000: the entry of slot 2 at 0x1010, and so on.
final class WritablePageTableExamples {

    private WritablePageTableExamples() {}

    static Vector<Example> all() {
        return bounced().appendAll(control());
    }

    private static Scene without() {
        return Trees.rooted().mmuUpdate(D1, 0x10, 1, Scene.readOnly(0x10));
    }

    /// The guest d1 sees its level 1 table, and has switched the assist on.
    static Scene window() {
        return without()
                .call(
                        D1,
                        new Invocation.VmAssistCall(
                                VmAssistCommand.ENABLE.number(),
                                VmAssistType.WRITABLE_PAGETABLES.number()));
    }

    /// An example of a write.
    static Example write(String row, String title, Scene scene, VcpuId by, GuestWrite write) {
        return Example.of(row, title, scene, by, new Event.WriteReadOnly(write));
    }

    /// An example of a plain write by d1.
    static Example write(
            String row, String title, Scene scene, long address, int bytes, long value) {
        GuestAddress at = new GuestAddress(address);
        return write(row, title, scene, D1, new GuestWrite(at, at, bytes, value, Option.none()));
    }

    private static Example write(String row, String title, Scene scene, long address) {
        return write(row, title, scene, address, 8, Scene.readOnly(0x15).bits())
                .answers("page fault at va " + Long.toHexString(address));
    }

    private static Vector<Example> bounced() {
        Scene cow =
                window().frame(0x2f, Frame.allocatedTo(Domid.COW))
                        .mmuUpdate(D1, 0x10, 2, Scene.readOnly(0x2f));
        return Vector.of(
                write(
                        "mm.ptwr/a",
                        "a guest that has not switched the assist on gets the fault",
                        without(),
                        0x1010),
                write(
                        "mm.ptwr/b",
                        "a write where nothing is mapped by now gets the fault",
                        window(),
                        0x5000),
                write(
                        "mm.ptwr/b",
                        "a write to a page that is writable by now gets the fault",
                        window(),
                        0x8),
                write(
                        "mm.ptwr/d",
                        "a write to a frame that is not the guest's gets the fault",
                        cow,
                        0x2000),
                write(
                        "mm.ptwr/e",
                        "a write to memory that is no table gets the fault",
                        window().mmuUpdate(D1, 0x10, 2, Scene.readOnly(0x15)),
                        0x2000),
                write(
                        "mm.ptwr/f",
                        "a write to a level 2 table gets the fault",
                        window().mmuUpdate(D1, 0x10, 2, Scene.readOnly(0x12)),
                        0x2000));
    }

    /// The control domain d0 sees its level 1 table 0x8 at the address 0x1000, and a device at
    /// 0x2000.
    static Scene controlWindow() {
        Scene scene = Scene.usual();
        IoRights rights = new IoRights(HashSet.of(new Mfn(0)), true, false);
        Machine machine =
                scene.domain(scene.machine().domain(new Domid(0)).withIo(rights)).machine();
        Scene readOnly =
                scene.with(
                        new Machine(
                                machine.profile().withReadOnlyMmio(new Mfn(0)),
                                machine.frames(),
                                machine.domains()));
        return Trees.controlRooted(readOnly)
                .mmuUpdate(D0, 0x8, 1, Scene.readOnly(0x8))
                .mmuUpdate(D0, 0x8, 2, Scene.readOnly(0));
    }

    private static Vector<Example> control() {
        GuestAddress device = new GuestAddress(0x2000);
        GuestAddress table = new GuestAddress(0x1018);
        return Vector.of(
                write(
                                "mm.ptwr/c",
                                "a write to a device that no guest may write is not specified",
                                controlWindow(),
                                D0,
                                new GuestWrite(device, device, 4, 0, Option.none()))
                        .answers("not specified: writes to read-only devices"),
                write(
                                "mm.ptwr/g",
                                "the hardware domain writes to its tables without the assist",
                                controlWindow(),
                                D0,
                                new GuestWrite(
                                        table, table, 8, Scene.readOnly(0x9).bits(), Option.none()))
                        .answers("goes on")
                        .changes("mfn 8[3]: - -> mfn 9 ro+124", "mfn 9 refs: 2 -> 3"));
    }
}
