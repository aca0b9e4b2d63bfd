// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.KernelScenes.STOPPED;
import static org.provisor.spec.example.KernelScenes.arrive;
import static org.provisor.spec.example.KernelScenes.entry;
import static org.provisor.spec.example.KernelScenes.kernel;
import static org.provisor.spec.example.KernelScenes.user;
import static org.provisor.spec.example.KernelScenes.with;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.Invocation.FpuTaskswitchCall;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.transition.Event;

/// Examples of what a kernel is entered for.
final class GuestEntryExamples {

    private static final int VECTOR_80 = 0x80;
    private static final int VECTOR_20 = 0x20;
    private static final Arrival.Cause SYSCALL = new Arrival.UserSyscall();
    private static final Arrival.Cause EVENTS = new Arrival.Events();

    /// User mode behind a `syscall`, with the direction flag set.
    private static final GuestRegisters CALLING =
            new GuestRegisters(0, 0x4002, 0x6D7, 0x4002, 0xE033, 0x6D7, 0x6000, 0xE02B);

    private GuestEntryExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "pv.exception/a",
                                "Xen gives the guest its floating-point unit",
                                kernel(),
                                exception(7, 0))
                        .answers("goes on"),
                of(
                                "pv.exception/b",
                                "a guest that switched tasks is told, once",
                                kernel().call(D1, new FpuTaskswitchCall(1)),
                                exception(7, 0))
                        .answers(
                                "goes on with rax 0 rcx 1700 r11 246 rip 1700 cs e033 rflags 246"
                                        + " rsp 7fc8 ss e02b, mask 0")
                        .changes("d1v0 task switched: true -> false")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"),
                of(
                                "pv.exception/c",
                                "a fault of the kernel is not one of user mode",
                                kernel(),
                                arrive(STOPPED, 0, new Arrival.Exception(14, 7, 0x5678)))
                        .answers(
                                "goes on with rax 0 rcx 1e00 r11 246 rip 1e00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 1, cr2 5678")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 3 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of(
                                "pv.exception/c",
                                "a fault of user mode is",
                                user(),
                                arrive(STOPPED, 0, new Arrival.Exception(14, 2, 0x5678)))
                        .answers(
                                "goes on with rax 0 rcx 1e00 r11 246 rip 1e00 cs e033 rflags 246"
                                        + " rsp 8fc0 ss e02b, mask 1, cr2 5678")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 32776 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 582 at va 8fe8, 8 bytes",
                                "write 16384 at va 8fd8, 8 bytes",
                                "write 6 at va 8fd0, 8 bytes",
                                "write 11 at va 8fc8, 8 bytes",
                                "write 12 at va 8fc0, 8 bytes"),
                of(
                                "pv.exception/d",
                                "general protection has the processor's error code",
                                kernel(),
                                exception(13, 0x10))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 16 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of("pv.exception/e", "an invalid opcode has none", kernel(), exception(6, 0x10))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 246 rip 1600 cs e033 rflags 246"
                                        + " rsp 7fc8 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"),
                of("pv.interrupt/a", "a breakpoint asks nobody", user(), interrupt(3, 2))
                        .answers(
                                "goes on with rax 0 rcx 1300 r11 246 rip 1300 cs e033 rflags 246"
                                        + " rsp 8fc8 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 32776 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 582 at va 8fe8, 8 bytes",
                                "write 16386 at va 8fd8, 8 bytes",
                                "write 11 at va 8fd0, 8 bytes",
                                "write 12 at va 8fc8, 8 bytes"),
                of("pv.interrupt/b", "vector 0x80 asks nobody", user(), interrupt(VECTOR_80, 3))
                        .answers(
                                "goes on with rax 0 rcx 2800 r11 246 rip 2800 cs e033 rflags 246"
                                        + " rsp 8fc8 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 32776 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 582 at va 8fe8, 8 bytes",
                                "write 16387 at va 8fd8, 8 bytes",
                                "write 11 at va 8fd0, 8 bytes",
                                "write 12 at va 8fc8, 8 bytes"),
                of(
                                "pv.interrupt/c",
                                "user mode may not raise what is the kernel's",
                                user(),
                                interrupt(VECTOR_20, 2))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp 8fc0 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 32776 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 582 at va 8fe8, 8 bytes",
                                "write 16384 at va 8fd8, 8 bytes",
                                "write 258 at va 8fd0, 8 bytes",
                                "write 11 at va 8fc8, 8 bytes",
                                "write 12 at va 8fc0, 8 bytes"),
                of(
                                "pv.interrupt/c",
                                "nobody may raise what has no handler",
                                kernel(),
                                interrupt(0x21, 2))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 266 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of(
                                "pv.interrupt/c",
                                "vector 0x80 without a handler is as any other, but for prefixes",
                                without80(),
                                interrupt(VECTOR_80, 3))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16385 at va 7fd8, 8 bytes",
                                "write 1026 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of("pv.interrupt/d", "the kernel may", kernel(), interrupt(VECTOR_20, 2))
                        .answers(
                                "goes on with rax 0 rcx 2000 r11 246 rip 2000 cs e033 rflags 246"
                                        + " rsp 7fc8 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16386 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"),
                of(
                                "pv.user-syscall/a",
                                "without a callback the instruction is invalid; flags are lost all"
                                        + " the same",
                                with(
                                        user(),
                                        entry(user())
                                                .withCallback(CallbackType.SYSCALL, Callback.NONE)),
                                arrive(CALLING, 0, SYSCALL))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 6c0 rip 1600 cs e033 rflags 6c2"
                                        + " rsp 8fc8 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 24576 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 1751 at va 8fe8, 8 bytes",
                                "write 16384 at va 8fd8, 8 bytes",
                                "write 1751 at va 8fd0, 8 bytes",
                                "write 16386 at va 8fc8, 8 bytes"),
                of(
                                "pv.user-syscall/b",
                                "flags go on that are set in the frame's address",
                                user(),
                                arrive(CALLING, 0, SYSCALL))
                        .answers(
                                "goes on with rax 0 rcx 3100 r11 6c0 rip 3100 cs e033 rflags 6c2"
                                        + " rsp 8fc8 ss e02b, mask 1")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 24576 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 1751 at va 8fe8, 8 bytes",
                                "write 16386 at va 8fd8, 8 bytes",
                                "write 1751 at va 8fd0, 8 bytes",
                                "write 16386 at va 8fc8, 8 bytes"),
                of(
                                "pv.user-syscall/b",
                                "the direction flag is cleared only by a 0 in the frame's address",
                                with(user(), entry(user()).withStack(0, 0x9400)),
                                arrive(CALLING, 0, SYSCALL))
                        .answers(
                                "goes on with rax 0 rcx 3100 r11 2c0 rip 3100 cs e033 rflags 2c2"
                                        + " rsp 93c8 ss e02b, mask 1")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 93f8, 8 bytes",
                                "write 24576 at va 93f0, 8 bytes",
                                "write 57395 at va 93e0, 8 bytes",
                                "write 1751 at va 93e8, 8 bytes",
                                "write 16386 at va 93d8, 8 bytes",
                                "write 1751 at va 93d0, 8 bytes",
                                "write 16386 at va 93c8, 8 bytes"),
                of(
                                "pv.upcall/a",
                                "a guest that masks events goes on",
                                kernel(),
                                arrive(STOPPED, 1, EVENTS))
                        .answers("goes on"),
                of(
                                "pv.upcall/a",
                                "so does one without any",
                                kernel(),
                                new Event.Arrive(new Arrival(STOPPED, 0, false, EVENTS)))
                        .answers("goes on"),
                of(
                                "pv.upcall/b",
                                "events are masked on the way in",
                                kernel(),
                                arrive(STOPPED, 0, EVENTS))
                        .answers(
                                "goes on with rax 0 rcx 3000 r11 246 rip 3000 cs e033 rflags 246"
                                        + " rsp 7fc8 ss e02b, mask 1")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"));
    }

    private static Scene without80() {
        Scene kernel = kernel();
        return with(kernel, entry(kernel).withHandlers(entry(kernel).handlers().remove(VECTOR_80)));
    }

    private static Event exception(int vector, long code) {
        return arrive(STOPPED, 0, new Arrival.Exception(vector, code, 0));
    }

    private static Event interrupt(int vector, int bytes) {
        return arrive(STOPPED, 0, new Arrival.Interrupt(vector, STOPPED.rip() + bytes));
    }

    private static Example of(String row, String title, Scene scene, Event event) {
        return Example.of(row, title, scene, D1, event);
    }
}
