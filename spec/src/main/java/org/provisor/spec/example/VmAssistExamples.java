// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.VmAssistCall;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.transition.Event;

/// Examples of assists switched on and off.
final class VmAssistExamples {

    private static final long ENABLE = VmAssistCommand.ENABLE.number();
    private static final long DISABLE = VmAssistCommand.DISABLE.number();
    private static final long WRITABLE = VmAssistType.WRITABLE_PAGETABLES.number();

    private VmAssistExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                call("a", "there is no assist of number 6", Scene.usual(), ENABLE, 6)
                        .answers("returns -22 EINVAL"),
                call("a", "there is no assist of number 64", Scene.usual(), ENABLE, 64)
                        .answers("returns -22 EINVAL"),
                call("a", "the assist is looked at before the command", Scene.usual(), 2, 33)
                        .answers("returns -22 EINVAL"),
                call(
                                "b",
                                "an assist is switched on or off, nothing else",
                                Scene.usual(),
                                2,
                                WRITABLE)
                        .answers("returns -38 ENOSYS"),
                call(
                                "c",
                                "a guest has writes to its tables emulated",
                                Scene.usual(),
                                ENABLE,
                                WRITABLE)
                        .answers("returns 0")
                        .changes("d1 assists: 0 -> 4"),
                call("c", "one assist does not touch the others", on(), ENABLE, 32)
                        .answers("returns 0")
                        .changes("d1 assists: 4 -> 100000004"),
                call("c", "an assist for 32-bit guests may be on in any", Scene.usual(), ENABLE, 0)
                        .answers("returns 0")
                        .changes("d1 assists: 0 -> 1"),
                call("c", "an assist that is on can be switched on", on(), ENABLE, WRITABLE)
                        .answers("returns 0"),
                call("d", "an assist is switched off again", on(), DISABLE, WRITABLE)
                        .answers("returns 0")
                        .changes("d1 assists: 4 -> 0"),
                call("d", "an assist that is off can be switched off", on(), DISABLE, 5)
                        .answers("returns 0"));
    }

    private static Scene on() {
        return Scene.usual().call(D1, new VmAssistCall(ENABLE, WRITABLE));
    }

    private static Example call(String row, String title, Scene scene, long cmd, long type) {
        return Example.of(
                "mm.vm-assist/" + row,
                title,
                scene,
                D1,
                new Event.Call(new VmAssistCall(cmd, type)));
    }
}
