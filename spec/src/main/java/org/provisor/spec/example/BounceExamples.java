// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.KernelScenes.STOPPED;
import static org.provisor.spec.example.KernelScenes.arrive;
import static org.provisor.spec.example.KernelScenes.at;
import static org.provisor.spec.example.KernelScenes.entry;
import static org.provisor.spec.example.KernelScenes.flags;
import static org.provisor.spec.example.KernelScenes.kernel;
import static org.provisor.spec.example.KernelScenes.user;
import static org.provisor.spec.example.KernelScenes.with;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.transition.Event;

/// Examples of frames on a kernel's stack.
final class BounceExamples {

    private static final Arrival.Cause INVALID_OPCODE = new Arrival.Exception(6, 0, 0);
    private static final Arrival.Cause PROTECTION = new Arrival.Exception(13, 0x7F_0000_0018L, 0);
    private static final long XEN = 0xFFFF_8000_0000_0000L;
    private static final long ABOVE = 0xFFFF_8800_0000_0000L;

    private BounceExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "a",
                                "no frame is put into Xen's part",
                                kernel(),
                                arrive(at(XEN + 16), 0, INVALID_OPCODE))
                        .answers("crashes: the kernel's stack is where Xen is"),
                of(
                                "a",
                                "no frame begins in Xen's part",
                                kernel(),
                                arrive(at(ABOVE + 63), 0, INVALID_OPCODE))
                        .answers("crashes: the kernel's stack is where Xen is"),
                of(
                                "b",
                                "words above the one that cannot be written are written",
                                kernel().with(kernel().ram().readOnly(new GuestAddress(0x7FE8))),
                                arrive(STOPPED, 0, INVALID_OPCODE))
                        .answers("crashes: the kernel's stack cannot be written")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes"),
                of(
                                "c",
                                "a frame is written before it is found that there is no handler",
                                kernel(),
                                arrive(STOPPED, 0, new Arrival.Exception(0, 0, 0)))
                        .answers("crashes: the kernel has no handler")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"),
                of("d", "user mode is interrupted", user(), arrive(STOPPED, 0, INVALID_OPCODE))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 246 rip 1600 cs e033 rflags 246"
                                        + " rsp 8fc8 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 8ff8, 8 bytes",
                                "write 32776 at va 8ff0, 8 bytes",
                                "write 57395 at va 8fe0, 8 bytes",
                                "write 582 at va 8fe8, 8 bytes",
                                "write 16384 at va 8fd8, 8 bytes",
                                "write 11 at va 8fd0, 8 bytes",
                                "write 12 at va 8fc8, 8 bytes"),
                of(
                                "d",
                                "a stack can begin just above Xen's part",
                                with(user(), entry(user()).withStack(0, ABOVE + 64)),
                                arrive(STOPPED, 0, PROTECTION))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp ffff880000000000 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va ffff880000000038, 8 bytes",
                                "write 32776 at va ffff880000000030, 8 bytes",
                                "write 57395 at va ffff880000000020, 8 bytes",
                                "write 582 at va ffff880000000028, 8 bytes",
                                "write 16384 at va ffff880000000018, 8 bytes",
                                "write 24 at va ffff880000000010, 8 bytes",
                                "write 11 at va ffff880000000008, 8 bytes",
                                "write 12 at va ffff880000000000, 8 bytes"),
                of(
                                "d",
                                "a stack below Xen's part loses its highest bit",
                                with(user(), entry(user()).withStack(0, 0x8000_0000_0000_5000L)),
                                arrive(STOPPED, 0, INVALID_OPCODE))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 246 rip 1600 cs e033 rflags 246"
                                        + " rsp 4fc8 ss e02b, mask 0")
                        .changes("d1v0 user mode: true -> false")
                        .owes(
                                "write 57387 at va 4ff8, 8 bytes",
                                "write 32776 at va 4ff0, 8 bytes",
                                "write 57395 at va 4fe0, 8 bytes",
                                "write 582 at va 4fe8, 8 bytes",
                                "write 16384 at va 4fd8, 8 bytes",
                                "write 11 at va 4fd0, 8 bytes",
                                "write 12 at va 4fc8, 8 bytes"),
                of(
                                "e",
                                "the kernel is interrupted on its stack, with an error code",
                                kernel(),
                                arrive(STOPPED, 0, PROTECTION))
                        .answers(
                                "goes on with rax 0 rcx 1d00 r11 246 rip 1d00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 582 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 24 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of(
                                "e",
                                "it was masking events, in a way of its own",
                                kernel(),
                                arrive(STOPPED, 0x80, new Arrival.Exception(14, 3, 0x5678)))
                        .answers(
                                "goes on with rax 0 rcx 1e00 r11 246 rip 1e00 cs e033 rflags 246"
                                        + " rsp 7fc0 ss e02b, mask 81, cr2 5678")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 549755871280 at va 7fe0, 8 bytes",
                                "write 70 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 3 at va 7fd0, 8 bytes",
                                "write 11 at va 7fc8, 8 bytes",
                                "write 12 at va 7fc0, 8 bytes"),
                of(
                                "e",
                                "flags that are cleared are in the frame",
                                kernel(),
                                arrive(flags(0x7_7F02L), 0, INVALID_OPCODE))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 e02 rip 1600 cs e033 rflags e02"
                                        + " rsp 7fc8 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 478978 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"),
                of(
                                "e",
                                "with the assist the frame says the privilege level for I/O",
                                assisted(),
                                arrive(flags(0x202), 0, INVALID_OPCODE))
                        .answers(
                                "goes on with rax 0 rcx 1600 r11 202 rip 1600 cs e033 rflags 202"
                                        + " rsp 7fc8 ss e02b, mask 0")
                        .owes(
                                "write 57387 at va 7ff8, 8 bytes",
                                "write 32776 at va 7ff0, 8 bytes",
                                "write 57392 at va 7fe0, 8 bytes",
                                "write 4610 at va 7fe8, 8 bytes",
                                "write 16384 at va 7fd8, 8 bytes",
                                "write 11 at va 7fd0, 8 bytes",
                                "write 12 at va 7fc8, 8 bytes"));
    }

    private static Scene assisted() {
        Scene kernel = with(kernel(), entry(kernel()).withIopl(0x1000));
        return kernel.domain(
                kernel.machine()
                        .domain(D1.domain())
                        .withAssists(VmAssistType.ARCHITECTURAL_IOPL.bit()));
    }

    private static Example of(String row, String title, Scene scene, Event event) {
        return Example.of("pv.bounce/" + row, title, scene, D1, event);
    }
}
