// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE;
import static org.provisor.spec.example.Trees.ONE_DONE;
import static org.provisor.spec.example.Trees.TWO;
import static org.provisor.spec.example.Trees.request;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.x86.Pte;

/// Examples of the commands of `mmu_update`, and of numbering frames by it.
final class MmuUpdateRequestExamples {

    private MmuUpdateRequestExamples() {}

    static Vector<Example> all() {
        return requests().appendAll(machphys());
    }

    private static Vector<Example> requests() {
        MmuUpdate odd =
                new MmuUpdate(MachineAddress.of(new Mfn(0x10), 0).value() | 4, Pte.EMPTY.bits());
        MmuUpdate unchanged =
                Scene.update(MmuCommand.PT_UPDATE_NO_TRANSLATE, 0x10, 0, Scene.writable(0x14));
        return Vector.of(
                request(
                                "mm.mmu-update.request/a",
                                "an update that does not translate is a plain one",
                                Trees.pinnedL1(),
                                unchanged)
                        .answers("returns 0")
                        .owes(ONE_DONE),
                request(
                                "mm.mmu-update.request/b",
                                "a command of 1 is for the machine-to-physical table",
                                Trees.pinnedL1(),
                                number(0x10, 3))
                        .answers("returns 0")
                        .changes("mfn 10 m2p: ffffffffffffffff -> 3")
                        .owes(ONE_DONE),
                request(
                                "mm.mmu-update.request/c",
                                "the third bit of the address makes the command unknown",
                                Trees.pinnedL1(),
                                odd)
                        .answers("returns -38 ENOSYS")
                        .owes(NONE_DONE));
    }

    private static MmuUpdate number(long mfn, long gfn) {
        return MmuUpdate.of(MmuCommand.MACHPHYS_UPDATE, MachineAddress.of(new Mfn(mfn), 0), gfn);
    }

    private static Example number(
            String row, String title, Scene scene, ForeignDomains domains, long mfn) {
        return request(row, title, scene, D1, domains, number(mfn, 7));
    }

    private static Vector<Example> machphys() {
        return Vector.of(
                request(
                                "mm.mmu-update.machphys/a",
                                "frames are numbered by who has the page tables only",
                                Scene.usual(),
                                D0,
                                ForeignDomains.of(ONE, ONE),
                                number(0x14, 7))
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                number(
                                "mm.mmu-update.machphys/b",
                                "a guest does not number the frames of another",
                                Scene.usual(),
                                ForeignDomains.of(TWO),
                                0x20)
                        .answers("returns -1 EPERM")
                        .owes(NONE_DONE),
                number(
                                "mm.mmu-update.machphys/c",
                                "a guest does not number a frame that it has not",
                                Scene.usual(),
                                ForeignDomains.SELF,
                                0x20)
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                number(
                                "mm.mmu-update.machphys/d",
                                "a guest gives a frame of its own any number",
                                Scene.usual(),
                                ForeignDomains.SELF,
                                0x14)
                        .answers("returns 0")
                        .changes("mfn 14 m2p: ffffffffffffffff -> 7")
                        .owes(ONE_DONE),
                number(
                                "mm.mmu-update.machphys/d",
                                "any guest numbers a frame of a device",
                                Scene.usual(),
                                ForeignDomains.of(Domid.IO),
                                0)
                        .answers("returns 0")
                        .changes("mfn 0 m2p: ffffffffffffffff -> 7")
                        .owes(ONE_DONE));
    }
}
