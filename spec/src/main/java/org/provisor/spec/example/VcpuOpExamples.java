// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.VcpuScenes.OTHER;
import static org.provisor.spec.example.VcpuScenes.call;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.VcpuOpCall;
import org.provisor.spec.abi.VcpuCommand;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuLife;
import org.provisor.spec.transition.Event;

/// Examples of vCPUs that are asked about, have others run, and stop them.
final class VcpuOpExamples {

    private VcpuOpExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "pv.vcpu-op/a",
                                "a vCPU that there is not comes before a command that there is not",
                                Scene.usual(),
                                new VcpuOpCall(99, 2, GuestAddress.NULL))
                        .answers("returns -2 ENOENT"),
                of(
                                "pv.vcpu-op/b",
                                "a command of later Xens is not known",
                                Scene.usual(),
                                new VcpuOpCall(14, 1, GuestAddress.NULL))
                        .answers("returns -38 ENOSYS"),
                of(
                                "pv.vcpu-op/f",
                                "a vCPU that asks about itself is up",
                                Scene.usual(),
                                call(VcpuCommand.IS_UP, 0))
                        .answers("returns 1"),
                of(
                                "pv.vcpu-op/f",
                                "one that is not initialised is not up",
                                VcpuScenes.usual(),
                                call(VcpuCommand.IS_UP, 1))
                        .answers("returns 0"),
                of(
                                "pv.vcpu-op/g",
                                "a timer that does not run can be stopped",
                                Scene.usual(),
                                call(VcpuCommand.STOP_PERIODIC_TIMER, 1))
                        .answers("returns 0"),
                of(
                                "pv.vcpu-op/h",
                                "only a vCPU itself has to do with its one-shot timer",
                                Scene.usual(),
                                call(VcpuCommand.STOP_SINGLESHOT_TIMER, 1))
                        .answers("returns -22 EINVAL"),
                of(
                                "pv.vcpu-op/i",
                                "a one-shot timer that does not run can be stopped",
                                Scene.usual(),
                                call(VcpuCommand.STOP_SINGLESHOT_TIMER, 0))
                        .answers("returns 0"),
                of(
                                "pv.vcpu-op/j",
                                "when a one-shot timer fires is not specified",
                                Scene.usual(),
                                call(VcpuCommand.SET_SINGLESHOT_TIMER, 0))
                        .answers("not specified: VCPUOP_set_singleshot_timer"),
                of(
                                "pv.vcpu-op.up/a",
                                "nothing runs that nobody has set up",
                                VcpuScenes.usual(),
                                call(VcpuCommand.UP, 1))
                        .answers("returns -22 EINVAL"),
                of(
                                "pv.vcpu-op.up/b",
                                "a vCPU that is down goes on",
                                down(),
                                call(VcpuCommand.UP, 1))
                        .answers("returns 0")
                        .changes("d1v1 life: down -> up"),
                of(
                                "pv.vcpu-op.up/b",
                                "one that is up is up",
                                Scene.usual(),
                                call(VcpuCommand.UP, 1))
                        .answers("returns 0"),
                of(
                                "pv.vcpu-op.down/a",
                                "the last vCPU that is up shuts its domain down",
                                down(),
                                call(VcpuCommand.DOWN, 0))
                        .answers("shuts down"),
                of(
                                "pv.vcpu-op.down/b",
                                "one that is not initialised stays so",
                                VcpuScenes.usual(),
                                call(VcpuCommand.DOWN, 1))
                        .answers("returns 0"),
                of(
                                "pv.vcpu-op.down/c",
                                "a vCPU stops itself",
                                Scene.usual(),
                                call(VcpuCommand.DOWN, 0))
                        .answers("returns 0")
                        .changes("d1v0 life: up -> down"),
                of(
                                "pv.vcpu-op.down/c",
                                "a vCPU stops another",
                                Scene.usual(),
                                call(VcpuCommand.DOWN, 1))
                        .answers("returns 0")
                        .changes("d1v1 life: up -> down"));
    }

    private static Scene down() {
        Scene scene = Scene.usual();
        return scene.with(scene.machine().with(OTHER, Vcpu.IDLE.withLife(VcpuLife.DOWN)));
    }

    private static Example of(String row, String title, Scene scene, VcpuOpCall call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }
}
