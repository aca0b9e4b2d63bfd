// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.D2;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.Invocation.UnknownCall;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// Examples of which call a number means.
final class DispatchExamples {

    private DispatchExamples() {}

    static Vector<Example> all() {
        return Vector.of(bits32(), specified(), others(), unknown(), beyond());
    }

    private static Example call(String row, String title, Scene scene, VcpuId by, Invocation call) {
        return Example.of("hypercall.dispatch/" + row, title, scene, by, new Event.Call(call));
    }

    private static Example bits32() {
        Scene usual = Scene.usual();
        return call(
                        "a",
                        "what calls of 32-bit guests do is not said here",
                        usual.domain(usual.machine().domain(new Domid(2)).as32Bit()),
                        D2,
                        MmuextOpCall.carrying(0))
                .answers("not specified: calls of 32-bit guests");
    }

    private static Example specified() {
        return call("b", "a call goes to its rule", Scene.usual(), D1, MmuextOpCall.carrying(7))
                .answers("returns 7");
    }

    private static Example others() {
        return call(
                        "c",
                        "what Xen's other calls do is not said here",
                        Scene.usual(),
                        D1,
                        new UnknownCall(Hypercall.XEN_VERSION.number()))
                .answers("not specified: __HYPERVISOR_xen_version");
    }

    private static Example unknown() {
        return call("d", "number 11 is no call", Scene.usual(), D1, new UnknownCall(11))
                .answers("returns -38 ENOSYS");
    }

    private static Example beyond() {
        return call("d", "a number beyond all is no call", Scene.usual(), D1, new UnknownCall(-1))
                .answers("returns -38 ENOSYS");
    }
}
