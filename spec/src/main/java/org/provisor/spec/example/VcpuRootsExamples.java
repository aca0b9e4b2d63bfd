// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.SmallScenes.DESTROY;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;

/// Examples of letting go of the roots of a dying domain's vCPUs.
final class VcpuRootsExamples {

    private VcpuRootsExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                unfinishedStopped(), kernelStopped(), userStopped(), bothRoots(), noRoots());
    }

    private static Example destroy(String row, String title, Scene scene, int patience) {
        return Example.of("mm." + row, title, scene, D0, DESTROY)
                .observed(Choices.preemptedAfter(patience))
                .answers("to be asked again");
    }

    private static Example unfinishedStopped() {
        return destroy(
                        "vcpu.drop-roots/a",
                        "a root taken apart in part is gone on with first",
                        SmallScenes.root(3).then(D0, DESTROY, Choices.preemptedAfter(0)),
                        0)
                .changes("mfn 5 type: l3 x1 partial up to 2 -> l3 x1 partial up to 1");
    }

    /// Root 4 leads to the level 3 table 5, root 6 to nothing.
    private static Scene twoRoots(MmuextCommand of4, MmuextCommand of6) {
        return SmallScenes.tiny(2, 6)
                .entry(4, 0, Scene.writable(5))
                .mmuext(D1, of4, 4)
                .mmuext(D1, of6, 6);
    }

    private static Example kernelStopped() {
        return destroy(
                        "vcpu.drop-roots/b",
                        "the user root waits until the kernel root is taken apart",
                        twoRoots(MmuextCommand.NEW_BASEPTR, MmuextCommand.NEW_USER_BASEPTR),
                        0)
                .changes(
                        "mfn 4 refs: 2 -> 3",
                        "mfn 4 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                        "mfn 5 refs: 2 -> 3",
                        "mfn 5 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "d1 life: alive -> dying",
                        "d1v0 root: some(mfn 4) -> none",
                        "d1v0 unfinished: none -> " + unfinished(4, true));
    }

    private static Example userStopped() {
        return destroy(
                        "vcpu.drop-roots/c",
                        "the kernel root is gone when the user root is taken apart",
                        twoRoots(MmuextCommand.NEW_USER_BASEPTR, MmuextCommand.NEW_BASEPTR),
                        0)
                .changes(
                        "mfn 4 refs: 2 -> 3",
                        "mfn 4 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                        "mfn 5 refs: 2 -> 3",
                        "mfn 5 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "mfn 6 refs: 2 -> 1",
                        "mfn 6 type: l4 x1 valid -> l4 x0 unchecked",
                        "mfn 6 shows m2p: true -> false",
                        "d1 life: alive -> dying",
                        "d1v0 root: some(mfn 6) -> none",
                        "d1v0 user root: some(mfn 4) -> none",
                        "d1v0 unfinished: none -> " + unfinished(4, true));
    }

    private static Example bothRoots() {
        return destroy(
                        "vcpu.drop-roots/d",
                        "both roots are let go",
                        SmallScenes.tiny(2, 5)
                                .mmuext(D1, MmuextCommand.NEW_BASEPTR, 4)
                                .mmuext(D1, MmuextCommand.NEW_USER_BASEPTR, 5),
                        0)
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 2 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l4 x1 valid -> none x0 unchecked",
                        "mfn 4 shows m2p: true -> false",
                        "mfn 5 refs: 2 -> 1",
                        "mfn 5 type: l4 x1 valid -> l4 x0 unchecked",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4",
                        "d1v0 root: some(mfn 4) -> none",
                        "d1v0 user root: some(mfn 5) -> none");
    }

    private static Example noRoots() {
        return destroy(
                        "vcpu.drop-roots/d",
                        "a vCPU without roots has nothing to let go",
                        SmallScenes.tiny(2, 5),
                        1)
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 frames: 2 -> 0",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }
}
