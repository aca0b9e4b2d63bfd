// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.SmallScenes.DESTROY;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;

/// Examples of the stages in which the memory of a dying domain is let go.
final class RelinquishExamples {

    private RelinquishExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                stopped(),
                done(),
                held(),
                heldShared(),
                roots(),
                rootsStopped(),
                frameStopped(),
                betweenFrames(),
                stageDone());
    }

    private static Example destroy(String row, String title, Scene scene) {
        return Example.of("mm.domain." + row, title, scene, D0, DESTROY);
    }

    private static Example stopped() {
        return destroy(
                        "relinquish/a",
                        "a stage is left only when all its frames were visited",
                        SmallScenes.mappedByControl(5))
                .observed(Choices.preemptedAfter(1))
                .answers("to be asked again")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example done() {
        Scene tiny = SmallScenes.tiny(2, 4);
        return destroy(
                        "relinquish/b",
                        "with the domain the frame goes that Xen shared with it",
                        tiny.frame(9, Frame.sharedWith(new Domid(1))))
                .answers("returns 0")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 9 owner: d1 -> no domain",
                        "mfn 9 refs: 1 -> 0",
                        "mfn 9 allocated: true -> false",
                        "mfn 9 special: true -> false",
                        "mfn 9 type: writable x1 valid -> none x0 unchecked",
                        "d1 is gone");
    }

    private static Example held() {
        return destroy(
                        "relinquish/b",
                        "a dead domain stays as long as others hold a frame of it",
                        SmallScenes.mappedByControl(5))
                .answers("returns 0")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dead",
                        "d1 teardown: vcpus -> done");
    }

    /// Frame 4 is shared with d1 by Xen and mapped by d0; d1 has frame 5 besides.
    private static Scene sharedMapped() {
        Scene tiny = SmallScenes.tiny(2, 5);
        Domain guest = tiny.machine().domain(new Domid(1));
        return SmallScenes.mapped(
                tiny.frame(4, Frame.sharedWith(new Domid(1))).domain(guest.withPages(1, 0)));
    }

    private static Example heldShared() {
        return destroy(
                        "relinquish/b",
                        "a dead domain stays as long as others hold a frame that Xen shared",
                        sharedMapped())
                .answers("returns 0")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 frames: 1 -> 0",
                        "d1 life: alive -> dead",
                        "d1 teardown: vcpus -> done");
    }

    private static Example roots() {
        return destroy(
                        "relinquish-vcpus/b",
                        "roots and descriptor tables are let go before any frame",
                        SmallScenes.rootAndDescriptors())
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 2 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 4 type: l4 x1 valid -> none x0 unchecked",
                        "mfn 4 shows m2p: true -> false",
                        "mfn 5 refs: 2 -> 1",
                        "mfn 5 type: segdesc x1 valid -> segdesc x0 valid",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4",
                        "d1v0 root: some(mfn 4) -> none",
                        "d1v0 gdt: globaltable[entries=1, frames=vector(mfn 5)]"
                                + " -> globaltable[entries=0, frames=vector()]");
    }

    private static Example rootsStopped() {
        return destroy(
                        "relinquish-vcpus/a",
                        "a root that is taken apart only in part keeps the stage where it is",
                        SmallScenes.root(2))
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 4 refs: 2 -> 3",
                        "mfn 4 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                        "mfn 5 refs: 2 -> 3",
                        "mfn 5 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "d1 life: alive -> dying",
                        "d1v0 root: some(mfn 4) -> none",
                        "d1v0 unfinished: none -> " + MmuextCalls.unfinished(4, true));
    }

    private static Example frameStopped() {
        return destroy(
                        "relinquish-frames/a",
                        "a pinned table that is taken apart only in part is visited again",
                        SmallScenes.tiny(2, 5).mmuext(D1, MmuextCommand.PIN_L2_TABLE, 5))
                .observed(Choices.preemptedAfter(1))
                .answers("to be asked again")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 type: l2 x1 valid pinned -> l2 x1 partial up to 1",
                        "d1 frames: 2 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example betweenFrames() {
        return destroy(
                        "relinquish-frames/b",
                        "a destruction can be preempted after each frame",
                        SmallScenes.tiny(2, 6))
                .observed(Choices.preemptedAfter(1))
                .answers("to be asked again")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 frames: 3 -> 1",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example stageDone() {
        return destroy(
                        "relinquish-frames/c",
                        "a frame that others hold is visited once in each stage",
                        SmallScenes.mappedByControl(4))
                .observed(Choices.preemptedAfter(2))
                .answers("to be asked again")
                .changes(
                        "mfn 4 refs: 2 -> 1",
                        "mfn 4 allocated: true -> false",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l2");
    }
}
