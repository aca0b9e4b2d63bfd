// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.VcpuOpCall;
import org.provisor.spec.abi.VcpuCommand;
import org.provisor.spec.abi.VcpuGuestContext;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// vCPUs that are not initialised, and what they are to start with.
final class VcpuScenes {

    /// The second vCPU of the first guest.
    static final VcpuId OTHER = new VcpuId(D1.domain(), 1);

    private VcpuScenes() {}

    /// {@link Scene#usual}, d1's second vCPU not initialised.
    static Scene usual() {
        return of(Scene.usual());
    }

    /// A scene in which d1's second vCPU is not initialised. Nobody sees what handlers it has:
    /// those of an earlier attempt, none of which leads anywhere.
    static Scene of(Scene scene) {
        Map<Integer, TrapHandler> nowhere = HashMap.empty();
        for (int vector = 0; vector < VcpuGuestContext.VECTORS; vector++) {
            nowhere = nowhere.put(vector, new TrapHandler(0, 3, 0));
        }
        KernelEntry entry = KernelEntry.NONE.withHandlers(nowhere).withStack(3, 0);
        return with(scene, Vcpu.UNINITIALISED.withEntry(entry));
    }

    static Scene with(Scene scene, Vcpu vcpu) {
        return scene.with(scene.machine().with(OTHER, vcpu));
    }

    /// A start in the kernel, on this root.
    static Bytes kernel(long root) {
        return with(
                with(
                        Bytes.zero(VcpuGuestContext.BYTES),
                        VcpuGuestContext.FLAGS,
                        VcpuGuestContext.VGCF_IN_KERNEL),
                VcpuGuestContext.CONTROL3,
                root << 12);
    }

    /// A start in user mode, on these roots.
    static Bytes user(long root, long userRoot) {
        return with(
                with(kernel(root), VcpuGuestContext.FLAGS, 0),
                VcpuGuestContext.CONTROL1,
                userRoot << 12);
    }

    static Bytes with(Bytes context, int at, long value) {
        return context.with(at, Long.BYTES, value);
    }

    static VcpuOpCall call(VcpuCommand command, long vcpu) {
        return new VcpuOpCall(command.number(), vcpu, GuestAddress.NULL);
    }

    /// The call that initialises d1's second vCPU.
    static VcpuOpCall initialise() {
        return new VcpuOpCall(VcpuCommand.INITIALISE.number(), OTHER.number(), LIST);
    }

    /// The same in a scene where the context is there.
    static Scene saying(Scene scene, Bytes context) {
        return scene.structure(LIST, context);
    }

    /// A scene after it was tried to initialise it.
    static Scene tried(Scene scene, Bytes context, Choices choices) {
        return saying(scene, context).then(D1, new Event.Call(initialise()), choices);
    }
}
