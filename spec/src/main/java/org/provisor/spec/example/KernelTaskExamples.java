// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Invocation.FpuTaskswitchCall;
import org.provisor.spec.abi.Invocation.SetSegmentBaseCall;
import org.provisor.spec.abi.Invocation.StackSwitchCall;
import org.provisor.spec.abi.SegmentBase;
import org.provisor.spec.transition.Event;

/// Examples of what a kernel sets when it goes from one task to another.
final class KernelTaskExamples {

    private KernelTaskExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "pv.stack-switch/a",
                                "the selector gets privilege level 3",
                                Scene.usual(),
                                new StackSwitchCall(0xE028, 0x8000))
                        .answers("returns 0")
                        .changes("d1v0 kernel stack: 0:0 -> e02b:8000"),
                of(
                                "pv.stack-switch/a",
                                "no stack is refused",
                                Scene.usual(),
                                new StackSwitchCall(-4, 0x8000_0000_0000_0001L))
                        .answers("returns 0")
                        .changes("d1v0 kernel stack: 0:0 -> ffffffffffffffff:8000000000000001"),
                of(
                                "pv.fpu-taskswitch/a",
                                "the guest takes CR0.TS for clear",
                                switched(),
                                new FpuTaskswitchCall(0))
                        .answers("returns 0")
                        .changes("d1v0 task switched: true -> false"),
                of(
                                "pv.fpu-taskswitch/b",
                                "any number but 0 sets it",
                                Scene.usual(),
                                new FpuTaskswitchCall(0x8000_0000L))
                        .answers("returns 0")
                        .changes("d1v0 task switched: false -> true"),
                of(
                                "pv.fpu-taskswitch/b",
                                "what is set can be set",
                                switched(),
                                new FpuTaskswitchCall(1))
                        .answers("returns 0"),
                base("pv.set-segment-base/a", "there are four things that have a base", 4, 0)
                        .answers("returns -22 EINVAL"),
                base(
                                "pv.set-segment-base/b",
                                "a base has to be canonical",
                                SegmentBase.FS.number(),
                                0x8000_0000_0000L)
                        .answers("returns -22 EINVAL"),
                base("pv.set-segment-base/c", "a base of FS", SegmentBase.FS.number(), 0x5000)
                        .answers("returns 0")
                        .changes("d1v0 bases: fs 0 gs 0 user gs 0 -> fs 5000 gs 0 user gs 0"),
                base(
                                "pv.set-segment-base/d",
                                "a base of GS in user mode",
                                SegmentBase.GS_USER.number(),
                                0x7FFF_FFFF_FFFFL)
                        .answers("returns 0")
                        .changes(
                                "d1v0 bases: fs 0 gs 0 user gs 0 -> fs 0 gs 0 user gs"
                                        + " 7fffffffffff"),
                base(
                                "pv.set-segment-base/e",
                                "a base of GS in the kernel",
                                SegmentBase.GS_KERNEL.number(),
                                0xFFFF_8000_0000_0000L)
                        .answers("returns 0")
                        .changes(
                                "d1v0 bases: fs 0 gs 0 user gs 0 -> fs 0 gs ffff800000000000 user"
                                        + " gs 0"),
                of(
                                "pv.set-segment-base/f",
                                "a null selector has the base 0",
                                Scene.usual()
                                        .call(
                                                D1,
                                                new SetSegmentBaseCall(
                                                        SegmentBase.GS_USER.number(), 0x5000)),
                                new SetSegmentBaseCall(
                                        SegmentBase.GS_USER_SEL.number(), 0x8000_0000_0003L))
                        .answers("returns 0")
                        .changes("d1v0 bases: fs 0 gs 0 user gs 5000 -> fs 0 gs 0 user gs 0"),
                base(
                                "pv.set-segment-base/g",
                                "another selector has the base of its descriptor",
                                SegmentBase.GS_USER_SEL.number(),
                                0x33)
                        .answers("not specified: a selector loaded into GS"));
    }

    private static Scene switched() {
        return Scene.usual().call(D1, new FpuTaskswitchCall(1));
    }

    private static Example base(String row, String title, long which, long base) {
        return of(row, title, Scene.usual(), new SetSegmentBaseCall(which, base));
    }

    private static Example of(String row, String title, Scene scene, Invocation call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }
}
