// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.VcpuScenes.initialise;
import static org.provisor.spec.example.VcpuScenes.kernel;
import static org.provisor.spec.example.VcpuScenes.user;
import static org.provisor.spec.example.VcpuScenes.with;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.VcpuOpCall;
import org.provisor.spec.abi.TrapInfo;
import org.provisor.spec.abi.VcpuCommand;
import org.provisor.spec.abi.VcpuGuestContext;
import org.provisor.spec.state.Domain;
import org.provisor.spec.transition.Event;

/// Examples of vCPUs that are initialised, and of what they cannot start with.
final class VcpuInitialiseExamples {

    private static final long NOT_CANONICAL = 0x8000_0000_0000L;
    private static final long XENS = 0xFFFF_8000_0000_0000L;
    private static final int VECTOR_2 = 2 * 16;

    private VcpuInitialiseExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                tooMany(),
                of("initialise/b", "what it starts with cannot be read", VcpuScenes.usual())
                        .answers("returns -14 EFAULT"),
                of(
                                "initialise/c",
                                "a vCPU is initialised once",
                                VcpuScenes.saying(Scene.usual(), kernel(0x15)))
                        .answers("returns -17 EEXIST"),
                on(
                                "initialise/d",
                                "code at an address that is not canonical is refused",
                                with(kernel(0x15), VcpuGuestContext.RIP, NOT_CANONICAL))
                        .answers("returns -22 EINVAL"),
                unspecified(
                                "initialise/e",
                                "what base a selector brings is not specified",
                                VcpuScenes.usual(),
                                with(kernel(0x15), VcpuGuestContext.FS, 0x33))
                        .answers("not specified: a selector loaded into FS or GS"),
                online(),
                offline(),
                everything(),
                userMode(),
                context(
                        "a",
                        "a base that is not canonical",
                        with(kernel(0x15), VcpuGuestContext.GS_BASE_USER, NOT_CANONICAL)),
                context(
                        "b",
                        "a handler that is not canonical",
                        with(
                                kernel(0x15),
                                VcpuGuestContext.TRAPS + VECTOR_2 + Long.BYTES,
                                NOT_CANONICAL)),
                context(
                        "c",
                        "an address of Xen's for a local table without descriptors",
                        with(kernel(0x15), VcpuGuestContext.LDT_BASE, XENS)),
                context(
                        "d",
                        "a local table within a page",
                        with(kernel(0x15), VcpuGuestContext.LDT_BASE, 8)),
                context(
                        "e",
                        "a local table that is too long",
                        with(kernel(0x15), VcpuGuestContext.LDT_ENTRIES, 8193)),
                context(
                        "f",
                        "a global table that is too long",
                        with(kernel(0x15), VcpuGuestContext.GDT_ENTRIES, 7169)),
                context("g", "user mode without a root", user(0x15, 0)),
                manyFrames());
    }

    private static Example of(String row, String title, Scene scene) {
        return Example.of("pv.vcpu-op." + row, title, scene, D1, new Event.Call(initialise()));
    }

    private static Example on(String row, String title, Bytes context) {
        return of(row, title, VcpuScenes.saying(VcpuScenes.usual(), context));
    }

    private static Example unspecified(String row, String title, Scene scene, Bytes context) {
        return of(row, title, VcpuScenes.saying(scene, context));
    }

    private static Example context(String row, String title, Bytes context) {
        return on("context/" + row, title + " is refused", context).answers("returns -22 EINVAL");
    }

    private static Example tooMany() {
        Scene scene = Scene.usual();
        Domain many = Domain.guest(D1.domain(), 32, 33).withPages(16, 0);
        return Example.of(
                        "pv.vcpu-op.initialise/a",
                        "a vCPU without a place in the shared page comes before all else",
                        scene.domain(many),
                        D1,
                        new Event.Call(
                                new VcpuOpCall(VcpuCommand.INITIALISE.number(), 32, Scene.LIST)))
                .answers("returns -22 EINVAL");
    }

    private static Example online() {
        return on(
                        "initialise/h",
                        "a vCPU begins at once",
                        with(
                                kernel(0x15),
                                VcpuGuestContext.FLAGS,
                                VcpuGuestContext.VGCF_IN_KERNEL | VcpuGuestContext.VGCF_ONLINE))
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "d1v1 root: none -> some(mfn 15)",
                        "d1v1 life: uninitialised -> up")
                .owes(newType(0x15), "flush Local[vcpu=d1v1]");
    }

    private static Example offline() {
        return on("initialise/i", "a vCPU begins when it is brought up", kernel(0x15))
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "d1v1 root: none -> some(mfn 15)",
                        "d1v1 life: uninitialised -> down")
                .owes(newType(0x15), "flush Local[vcpu=d1v1]");
    }

    private static Example everything() {
        Bytes context =
                with(
                        kernel(0x15),
                        VcpuGuestContext.FLAGS,
                        VcpuGuestContext.VGCF_IN_KERNEL
                                | VcpuGuestContext.VGCF_FAILSAFE_DISABLES_EVENTS
                                | VcpuGuestContext.VGCF_SYSCALL_DISABLES_EVENTS);
        context = with(context, VcpuGuestContext.RFLAGS, 0x3202);
        context =
                with(
                        context,
                        VcpuGuestContext.TRAPS + VECTOR_2,
                        trap(new TrapInfo(9, 5, 0xE030, GuestAddress.NULL)));
        context = with(context, VcpuGuestContext.TRAPS + VECTOR_2 + Long.BYTES, 0x1200);
        context = with(context, VcpuGuestContext.LDT_BASE, 0x5000);
        context = with(context, VcpuGuestContext.LDT_ENTRIES, 2);
        context = with(context, VcpuGuestContext.GDT_FRAMES, 0x18);
        context = with(context, VcpuGuestContext.GDT_ENTRIES, 3);
        context = with(context, VcpuGuestContext.KERNEL_SS, 0x1_0000_E028L);
        context = with(context, VcpuGuestContext.KERNEL_SP, 0x9000);
        context = with(context, VcpuGuestContext.CONTROL0, -1);
        context = with(context, VcpuGuestContext.EVENT_CALLBACK, 0x3000);
        context = with(context, VcpuGuestContext.FAILSAFE_CALLBACK, 0x3100);
        context = with(context, VcpuGuestContext.SYSCALL_CALLBACK, 0x3200);
        context = with(context, VcpuGuestContext.FS_BASE, 1);
        context = with(context, VcpuGuestContext.GS_BASE_KERNEL, 2);
        context = with(context, VcpuGuestContext.GS_BASE_USER, 3);
        return on("context/h", "all that a vCPU can be told", context)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "mfn 18 refs: 1 -> 2",
                        "mfn 18 type: none x0 unchecked -> segdesc x1 valid",
                        "d1v1 root: none -> some(mfn 15)",
                        "d1v1 ldt: localtable[base=0, entries=0, mapped=hashmap()]"
                                + " -> localtable[base=20480, entries=2, mapped=hashmap()]",
                        "d1v1 gdt: globaltable[entries=0, frames=vector()]"
                                + " -> globaltable[entries=3, frames=vector(mfn 18)]",
                        "d1v1 life: uninitialised -> down",
                        "d1v1 vector 2: 3:0 flags 0 -> e033:1200 flags 5",
                        "d1v1 kernel stack: 3:0 -> 10000e02b:9000",
                        "d1v1 EVENT: 0 -> 3000",
                        "d1v1 FAILSAFE: 0 -> 3100 masks events",
                        "d1v1 SYSCALL: 0 -> 3200 masks events",
                        "d1v1 task switched: false -> true",
                        "d1v1 bases: fs 0 gs 0 user gs 0 -> fs 1 gs 2 user gs 3",
                        "d1v1 iopl: 0 -> 12288")
                .owes(newType(0x18), newType(0x15), "flush Local[vcpu=d1v1]");
    }

    private static long trap(TrapInfo info) {
        return info.toBytes(Bitness.BITS_64).read(0, Long.BYTES);
    }

    private static Example userMode() {
        return on("context/h", "a vCPU begins in user mode", user(0x15, 0x16))
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "mfn 16 refs: 1 -> 2",
                        "mfn 16 type: none x0 unchecked -> l4 x1 valid",
                        "d1v1 root: none -> some(mfn 15)",
                        "d1v1 user root: none -> some(mfn 16)",
                        "d1v1 life: uninitialised -> down",
                        "d1v1 user mode: false -> true")
                .owes(newType(0x15), newType(0x16), "flush Local[vcpu=d1v1]");
    }

    private static Example manyFrames() {
        return on(
                        "context/h",
                        "of the frames of a global table 32 bits count",
                        with(kernel(0x15), VcpuGuestContext.GDT_ENTRIES, 1L << 41))
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "mfn 15 shows m2p: false -> true",
                        "d1v1 root: none -> some(mfn 15)",
                        "d1v1 life: uninitialised -> down")
                .owes(newType(0x15), "flush Local[vcpu=d1v1]");
    }
}
