// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.KernelScenes.STOPPED;
import static org.provisor.spec.example.KernelScenes.arrive;
import static org.provisor.spec.example.KernelScenes.at;
import static org.provisor.spec.example.KernelScenes.kernel;
import static org.provisor.spec.example.KernelScenes.returning;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.IretContext;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.pv.Arrival;
import org.provisor.spec.state.GuestRegisters;

/// Examples of the call `iret`.
final class IretExamples {

    private static final long KERNEL_CS = 0xE030;
    private static final long USER_CS = 0xE033;
    private static final long IN_SYSCALL = IretContext.VGCF_IN_SYSCALL;

    private IretExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of("a", "a stack that is not there crashes the domain", kernel(), STOPPED)
                        .answers("crashes: the kernel's stack cannot be read"),
                of(
                                "a",
                                "a stack where Xen is crashes the domain",
                                kernel(),
                                at(0xFFFF_8000_0000_1000L))
                        .answers("crashes: the kernel's stack cannot be read"),
                of(
                                "b",
                                "user mode needs a root",
                                returning(kernel(), context(0, 0x5000, USER_CS, 0x202)),
                                STOPPED)
                        .answers("crashes: user mode has no root"),
                of(
                                "c",
                                "what comes of a return to nowhere is not said",
                                returning(
                                        kernel(), context(0, 0x8000_0000_0000L, KERNEL_CS, 0x202)),
                                STOPPED)
                        .answers("not specified: a return to an address that is not canonical"),
                of(
                                "d",
                                "a system call ends, 32-bit code goes on",
                                returning(rooted(), context(IN_SYSCALL, 0x5000, 0xE023, 0x1_0202)),
                                STOPPED)
                        .answers(
                                "goes on with rax a rcx 5000 r11 10202 rip 5000 cs e023 rflags 202"
                                        + " rsp 7000 ss e02b, mask 0")
                        .changes("d1v0 user mode: false -> true"),
                of(
                                "d",
                                "selectors of no flat segment are not restored",
                                returning(kernel(), context(IN_SYSCALL, 0x5000, 0x10, 0x202)),
                                STOPPED)
                        .answers(
                                "goes on with rax a rcx 5000 r11 202 rip 5000 cs e033 rflags 202"
                                        + " rsp 7000 ss e02b, mask 0"),
                of(
                                "e",
                                "the kernel goes on where it was, and masks events",
                                returning(kernel(), context(0, 0x5000, KERNEL_CS, 0x7_7046)),
                                STOPPED)
                        .answers(
                                "goes on with rax a rcx c r11 b rip 5000 cs e033 rflags 54246 rsp"
                                        + " 7000 ss e02b, mask 1"),
                of(
                                "e",
                                "user mode goes on where it was",
                                returning(rooted(), context(0, 0x5000, USER_CS, 0x246)),
                                STOPPED)
                        .answers(
                                "goes on with rax a rcx c r11 b rip 5000 cs e033 rflags 246 rsp"
                                        + " 7000 ss e02b, mask 0")
                        .changes("d1v0 user mode: false -> true"),
                of(
                                "e",
                                "with the assist the privilege level for I/O is kept",
                                returning(assisted(), context(0, 0x5000, KERNEL_CS, 0x3202)),
                                STOPPED)
                        .answers(
                                "goes on with rax a rcx c r11 b rip 5000 cs e033 rflags 202 rsp"
                                        + " 7000 ss e02b, mask 0")
                        .changes("d1v0 iopl: 0 -> 12288"));
    }

    private static IretContext context(long flags, long rip, long cs, long rflags) {
        return new IretContext(0xA, 0xB, 0xC, flags, rip, cs, rflags, 0x7000, 0xE028);
    }

    private static Scene assisted() {
        Scene kernel = kernel();
        return kernel.domain(
                kernel.machine()
                        .domain(D1.domain())
                        .withAssists(VmAssistType.ARCHITECTURAL_IOPL.bit()));
    }

    /// A kernel whose user mode has a root.
    private static Scene rooted() {
        return KernelScenes.withUserRoot(kernel());
    }

    private static Example of(String row, String title, Scene scene, GuestRegisters registers) {
        return Example.of(
                "pv.iret/" + row, title, scene, D1, arrive(registers, 0, new Arrival.Iret()));
    }
}
