// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.VmAssistCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;

/// Examples of where a guest sees the machine-to-physical table, strict or not.
final class ShownMachineToPhysicalExamples {

    private ShownMachineToPhysicalExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                pinnedStrict(),
                pinnedNotStrict(),
                kernelBeforeStrict(),
                userStrict(),
                userNotStrict());
    }

    private static Example user(String row, String title, Scene scene, long root) {
        return of(row, title, scene, MmuextCommand.NEW_USER_BASEPTR, root);
    }

    private static Scene strict(Scene scene) {
        return scene.call(
                D1,
                new VmAssistCall(
                        VmAssistCommand.ENABLE.number(), VmAssistType.M2P_STRICT.number()));
    }

    private static Scene pinned(Scene scene) {
        return scene.mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x15);
    }

    private static Example pinnedStrict() {
        return of(
                        "mm.pin/g",
                        "a root of a strict guest shows the machine-to-physical table at first",
                        strict(Scene.usual()),
                        MmuextCommand.PIN_L4_TABLE,
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid pinned",
                        "mfn 15 shows m2p: false -> true")
                .owes(newType(0x15), ONE_DONE);
    }

    private static Example pinnedNotStrict() {
        return of(
                        "mm.pin/g",
                        "a root of a guest that is not strict shows no such table at first",
                        Scene.usual(),
                        MmuextCommand.PIN_L4_TABLE,
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid pinned")
                .owes(newType(0x15), ONE_DONE);
    }

    private static Example kernelBeforeStrict() {
        return of(
                        "mm.root.kernel/d",
                        "a root made before the guest was strict does not show the table",
                        strict(pinned(Scene.usual())),
                        MmuextCommand.NEW_BASEPTR,
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 2 -> 3",
                        "mfn 15 type: l4 x1 valid pinned -> l4 x2 valid pinned",
                        "d1v0 root: none -> some(mfn 15)")
                .owes("flush Local[vcpu=d1v0]", ONE_DONE);
    }

    private static Example userStrict() {
        return user(
                        "mm.root.user/e",
                        "user mode of a strict guest does not see the machine-to-physical table",
                        pinned(strict(Scene.usual())),
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 2 -> 3",
                        "mfn 15 type: l4 x1 valid pinned -> l4 x2 valid pinned",
                        "mfn 15 shows m2p: true -> false",
                        "d1v0 user root: none -> some(mfn 15)")
                .owes(ONE_DONE);
    }

    private static Example userNotStrict() {
        return user(
                        "mm.root.user/e",
                        "a root of kernel and user mode goes on showing the table",
                        Scene.usual().mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x15),
                        0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 2 -> 3",
                        "mfn 15 type: l4 x1 valid -> l4 x2 valid",
                        "d1v0 user root: none -> some(mfn 15)")
                .owes(ONE_DONE);
    }
}
