// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.CallbackCommand;
import org.provisor.spec.abi.CallbackRegister;
import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.CallbackUnregister;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Invocation.CallbackOpCall;
import org.provisor.spec.abi.Invocation.SetCallbacksCall;
import org.provisor.spec.transition.Event;

/// Examples of where a kernel wants to be entered for what is no exception.
final class CallbackExamples {

    private static final int MASKS = CallbackRegister.CALLBACKF_MASK_EVENTS;
    private static final int NOTHING = 3;
    private static final long NOT_CANONICAL = 0x8000_0000_0000L;

    private CallbackExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "pv.set-callbacks/a",
                                "three callbacks are registered at once",
                                Scene.usual(),
                                new SetCallbacksCall(0x1000, 0x2000, 0x3000))
                        .answers("returns 0")
                        .changes(
                                "d1v0 EVENT: 0 -> 1000",
                                "d1v0 FAILSAFE: 0 -> 2000",
                                "d1v0 SYSCALL: 0 -> 3000"),
                of(
                                "pv.set-callbacks/a",
                                "an address that is refused stays as it was",
                                masking(),
                                new SetCallbacksCall(NOT_CANONICAL, 0, NOT_CANONICAL))
                        .answers("returns 0"),
                of(
                                "pv.set-callbacks/a",
                                "the older call has a callback not mask events",
                                masking(),
                                new SetCallbacksCall(0x1000, 0x2000, 0x3000))
                        .answers("returns 0")
                        .changes(
                                "d1v0 EVENT: 0 -> 1000",
                                "d1v0 FAILSAFE: 0 -> 2000",
                                "d1v0 SYSCALL: 7000 masks events -> 3000"),
                of(
                                "pv.callback-op/a",
                                "a callback is registered or taken back, nothing else",
                                Scene.usual(),
                                new CallbackOpCall(2, LIST))
                        .answers("returns -38 ENOSYS"),
                of(
                                "pv.callback-op/b",
                                "nothing is registered from nowhere",
                                Scene.usual(),
                                new CallbackOpCall(0, LIST))
                        .answers("returns -14 EFAULT"),
                register(
                                "pv.callback-op/c",
                                "a callback is registered that masks events",
                                CallbackType.SYSCALL.number(),
                                MASKS,
                                0x5000)
                        .answers("returns 0")
                        .changes("d1v0 SYSCALL: 0 -> 5000 masks events"),
                unregister(
                                "pv.callback-op/d",
                                "a callback is not taken back",
                                Scene.usual(),
                                CallbackType.EVENT.number())
                        .answers("returns -22 EINVAL"),
                register(
                                "pv.callback.register/a",
                                "the address is looked at before the type",
                                NOTHING,
                                0,
                                NOT_CANONICAL)
                        .answers("returns -22 EINVAL"),
                register(
                                "pv.callback.register/b",
                                "an older number for sysenter is not known",
                                NOTHING,
                                0,
                                0x5000)
                        .answers("returns -38 ENOSYS"),
                register(
                                "pv.callback.register/c",
                                "vector 2 gets a handler that masks events",
                                CallbackType.NMI.number(),
                                0,
                                0x5000)
                        .answers("returns 0")
                        .changes("d1v0 vector 2: none -> e033:5000 flags 4"),
                register(
                                "pv.callback.register/d",
                                "events are masked anyhow",
                                CallbackType.EVENT.number(),
                                MASKS,
                                0x5000)
                        .answers("returns 0")
                        .changes("d1v0 EVENT: 0 -> 5000"),
                register(
                                "pv.callback.register/e",
                                "other flags mean nothing",
                                CallbackType.SYSCALL32.number(),
                                0xFFFE,
                                0x5000)
                        .answers("returns 0")
                        .changes("d1v0 SYSCALL32: 0 -> 5000"),
                unregister(
                                "pv.callback.unregister/a",
                                "what there is not cannot be taken back",
                                Scene.usual(),
                                NOTHING)
                        .answers("returns -38 ENOSYS"),
                unregister(
                                "pv.callback.unregister/b",
                                "vector 2 has no handler any more",
                                given(registering(CallbackType.NMI.number(), 0, 0x5000))
                                        .call(D1, registration()),
                                CallbackType.NMI.number())
                        .answers("returns 0")
                        .changes("d1v0 vector 2: e033:5000 flags 4 -> none"),
                unregister(
                                "pv.callback.unregister/c",
                                "a callback stays",
                                masking(),
                                CallbackType.SYSCALL.number())
                        .answers("returns -22 EINVAL"));
    }

    private static CallbackOpCall registration() {
        return new CallbackOpCall(CallbackCommand.REGISTER.number(), LIST);
    }

    private static Bytes registering(int type, int flags, long address) {
        return new CallbackRegister(type, flags).toBytes(address);
    }

    private static Scene given(Bytes structure) {
        return Scene.usual().structure(LIST, structure);
    }

    /// A scene in which system calls mask events.
    private static Scene masking() {
        return given(registering(CallbackType.SYSCALL.number(), MASKS, 0x7000))
                .call(D1, registration());
    }

    private static Example register(String row, String title, int type, int flags, long address) {
        return of(row, title, given(registering(type, flags, address)), registration());
    }

    private static Example unregister(String row, String title, Scene scene, int type) {
        Bytes structure = new CallbackUnregister(type).toBytes(Bitness.BITS_64);
        GuestAddress at = Scene.DONE;
        return of(
                row,
                title,
                scene.structure(at, structure),
                new CallbackOpCall(CallbackCommand.UNREGISTER.number(), at));
    }

    private static Example of(String row, String title, Scene scene, Invocation call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }
}
