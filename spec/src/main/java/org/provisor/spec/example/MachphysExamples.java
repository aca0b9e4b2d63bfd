// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.MACHPHYS_MAPPING;
import static org.provisor.spec.abi.MemoryCommand.MACHPHYS_MFN_LIST;
import static org.provisor.spec.example.MemoryCalls.ARG;
import static org.provisor.spec.example.MemoryCalls.FRAMES;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MachphysMfnList;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Profile;
import org.provisor.spec.transition.Event;

/// Examples of where the machine-to-physical table is.
final class MachphysExamples {

    /// Where the table starts and ends for a guest, as numbers with a sign.
    private static final String START = "write -140737488355328 at va 30000, 8 bytes";

    private static final String END = "write -140462610448384 at va 30008, 8 bytes";

    private MachphysExamples() {}

    static Vector<Example> all() {
        return mapping().appendAll(list());
    }

    private static Scene readOnly(Scene scene, GuestAddress at) {
        return scene.with(scene.ram().readOnly(at));
    }

    private static Vector<Example> mapping() {
        return Vector.of(
                MemoryCalls.by(
                                D1,
                                "mm.machphys.mapping/a",
                                "where the table is cannot be said where nothing can be written",
                                readOnly(Scene.usual(), ARG),
                                MACHPHYS_MAPPING)
                        .answers("returns -14 EFAULT"),
                Example.of(
                                "mm.machphys.mapping/a",
                                "where the table is is not written into Xen's part",
                                Scene.usual(),
                                D1,
                                new Event.Call(
                                        new MemoryOpCall(
                                                MemoryOpWord.of(MACHPHYS_MAPPING),
                                                MemoryCalls.XENS)))
                        .answers("returns -14 EFAULT"),
                MemoryCalls.by(
                                D1,
                                "mm.machphys.mapping/b",
                                "a guest is told where the table is, not how much memory there is",
                                Scene.usual(),
                                MACHPHYS_MAPPING)
                        .answers("returns 0")
                        .owes(START, END, "write 34359738367 at va 30010, 8 bytes"),
                MemoryCalls.by(
                                D0,
                                "mm.machphys.mapping/b",
                                "the hardware domain is told the machine's last frame",
                                Scene.usual(),
                                MACHPHYS_MAPPING)
                        .answers("returns 0")
                        .owes(START, END, "write 63 at va 30010, 8 bytes"));
    }

    private static Scene room(long entries) {
        MachphysMfnList list = new MachphysMfnList(entries, FRAMES, 0);
        return known().structure(ARG, list.toBytes(Bitness.BITS_64));
    }

    private static Scene known() {
        return placed(Scene.usual(), Vector.of(new Mfn(50)));
    }

    private static Scene unknown(Scene scene) {
        return placed(scene, Vector.empty());
    }

    private static Scene placed(Scene scene, Vector<Mfn> table) {
        Machine machine = scene.machine();
        Profile profile = machine.profile().withMachphysFrames(table);
        return scene.with(new Machine(profile, machine.frames(), machine.domains()));
    }

    private static Example frames(String row, String title, Scene scene) {
        return MemoryCalls.by(D1, "mm.machphys.frames/" + row, title, scene, MACHPHYS_MFN_LIST);
    }

    private static Vector<Example> list() {
        return Vector.of(
                frames("a", "what says where there is room for the list is read", Scene.usual())
                        .answers("returns -14 EFAULT"),
                frames(
                                "b",
                                "nothing is said where the table is if the profile does not know",
                                unknown(room(1)))
                        .answers("not specified: frames of the table"),
                frames("c", "the list goes where it can be written", readOnly(room(1), FRAMES))
                        .answers("returns -14 EFAULT"),
                frames("d", "how long the list is must have a place too", readOnly(room(1), ARG))
                        .answers("returns -14 EFAULT")
                        .owes("write 50 at va 40000, 8 bytes"),
                frames("e", "the table of a machine of 64 frames has one piece", room(5))
                        .answers("returns 0")
                        .owes("write 50 at va 40000, 8 bytes", "write 1 at va 30010, 4 bytes"),
                frames(
                                "e",
                                "where there is room for no entry the list is not looked at",
                                readOnly(room(0), FRAMES))
                        .answers("returns 0")
                        .owes("write 0 at va 30010, 4 bytes"));
    }
}
