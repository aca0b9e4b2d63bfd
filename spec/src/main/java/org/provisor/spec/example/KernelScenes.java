// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Map;

import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.IretContext;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.transition.Event;

/// Kernels that are ready to be entered, and what enters them.
final class KernelScenes {

    /// Where the kernel's stack begins for entries from user mode.
    static final long STACK = 0x9000;

    /// Where the kernel is on its stack when it is interrupted.
    static final long RSP = 0x8008;

    /// What the processor's registers hold when it stops.
    static final GuestRegisters STOPPED =
            new GuestRegisters(0, 0xC, 0xB, 0x4000, 0xE033, 0x246, RSP, 0xE02B);

    private KernelScenes() {}

    /// A kernel with handlers for page faults (masking events), general protection, invalid
    /// opcodes, device-not-available and vector 0x80 (of privilege 1), and callbacks for events
    /// and, masking events, for system calls.
    static Scene kernel() {
        KernelEntry entry = KernelEntry.NONE.withStack(0xE02B, STACK);
        Map<Integer, TrapHandler> handlers = entry.handlers();
        handlers = handlers.put(14, new TrapHandler(4, 0xE033, 0x1E00));
        handlers = handlers.put(13, new TrapHandler(0, 0xE033, 0x1D00));
        handlers = handlers.put(6, new TrapHandler(0, 0xE033, 0x1600));
        handlers = handlers.put(7, new TrapHandler(0, 0xE033, 0x1700));
        handlers = handlers.put(3, new TrapHandler(0, 0xE033, 0x1300));
        handlers = handlers.put(0x20, new TrapHandler(1, 0xE033, 0x2000));
        handlers = handlers.put(0x80, new TrapHandler(0, 0xE033, 0x2800));
        return with(
                Scene.usual(),
                entry.withHandlers(handlers)
                        .withCallback(CallbackType.EVENT, new Callback(0x3000, false))
                        .withCallback(CallbackType.SYSCALL, new Callback(0x3100, true)));
    }

    /// The same in user mode, which runs on frame 0x15.
    static Scene user() {
        Scene kernel = withUserRoot(kernel());
        return with(kernel, entry(kernel).withUserMode(true));
    }

    static KernelEntry entry(Scene scene) {
        return scene.machine().vcpu(D1).entry();
    }

    static Scene with(Scene scene, KernelEntry entry) {
        return scene.with(scene.machine().with(D1, scene.machine().vcpu(D1).withEntry(entry)));
    }

    /// The same with what `iret` is to find on the kernel's stack.
    static Scene returning(Scene scene, IretContext context) {
        return scene.structure(new GuestAddress(RSP), context.toBytes());
    }

    /// The same with frame 0x15 as the root of user mode.
    static Scene withUserRoot(Scene scene) {
        return scene.mmuext(D1, MmuextCommand.NEW_USER_BASEPTR, 0x15);
    }

    static Event arrive(GuestRegisters registers, int mask, Arrival.Cause cause) {
        return new Event.Arrive(new Arrival(registers, mask, true, cause));
    }

    static GuestRegisters at(long rsp) {
        return new GuestRegisters(0, 0xC, 0xB, 0x4000, 0xE033, 0x246, rsp, 0xE02B);
    }

    static GuestRegisters flags(long flags) {
        return new GuestRegisters(0, 0xC, 0xB, 0x4000, 0xE033, flags, RSP, 0xE02B);
    }
}
