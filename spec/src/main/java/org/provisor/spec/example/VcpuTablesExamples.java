// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.VcpuScenes.initialise;
import static org.provisor.spec.example.VcpuScenes.kernel;
import static org.provisor.spec.example.VcpuScenes.saying;
import static org.provisor.spec.example.VcpuScenes.tried;
import static org.provisor.spec.example.VcpuScenes.user;
import static org.provisor.spec.example.VcpuScenes.with;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.abi.VcpuGuestContext;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;

/// Examples of the tables that another vCPU starts with, and of what is left where it does not get
/// them.
final class VcpuTablesExamples {

    private static final String AGAIN = "made again: " + initialise();

    private VcpuTablesExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of("take-tables/a", "what the caller left comes first", callerBusy(), kernel(0x15))
                        .observed(Choices.preemptedAfter(0))
                        .answers(AGAIN)
                        .changes("mfn 13 type: l3 x1 partial up to 2 -> l3 x1 partial up to 1"),
                of(
                                "take-tables/c",
                                "a number of descriptors near the last one is too large",
                                VcpuScenes.usual(),
                                with(kernel(0x15), VcpuGuestContext.GDT_ENTRIES, -1))
                        .answers("returns -22 EINVAL"),
                of(
                                "take-tables/d",
                                "a frame of the global table is somebody else's",
                                VcpuScenes.usual(),
                                gdt(0x20))
                        .answers("returns -22 EINVAL"),
                of(
                                "take-tables/e",
                                "the global table goes again where there is no root",
                                VcpuScenes.usual(),
                                with(gdt(0x18), VcpuGuestContext.CONTROL3, 0x20L << 12))
                        .answers("returns -22 EINVAL")
                        .changes("mfn 18 type: none x0 unchecked -> segdesc x0 valid")
                        .owes(newType(0x18)),
                of(
                                "take-tables/f",
                                "where user mode's root is refused that of the kernel stays",
                                VcpuScenes.usual(),
                                with(
                                        with(user(0x15, 0x20), VcpuGuestContext.GDT_FRAMES, 0x18),
                                        VcpuGuestContext.GDT_ENTRIES,
                                        1))
                        .answers("returns -22 EINVAL")
                        .changes(
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                                "mfn 15 shows m2p: false -> true",
                                "mfn 18 type: none x0 unchecked -> segdesc x0 valid",
                                "d1v1 root: none -> some(mfn 15)")
                        .owes(newType(0x18), newType(0x15)),
                of("take-tables/b", "a root that was kept is let go of first", kept(), kernel(0x17))
                        .observed(Choices.preemptedAfter(0))
                        .answers(AGAIN)
                        .changes(
                                "mfn 13 refs: 2 -> 3",
                                "mfn 13 type: l3 x1 valid -> l3 x1 partial up to 2",
                                "mfn 15 refs: 2 -> 3",
                                "mfn 15 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                                "d1v1 root: some(mfn 15) -> none",
                                "d1v1 unfinished: none -> " + unfinished(0x15, true)),
                of(
                                "take-tables/g",
                                "a root that was kept is let go of even if it is wanted again",
                                kept(),
                                kernel(0x15))
                        .answers("returns 0")
                        .changes("d1v1 life: uninitialised -> down")
                        .owes("flush Local[vcpu=d1v1]"),
                of("take-root/a", "a root of another domain", VcpuScenes.usual(), kernel(0x20))
                        .answers("returns -22 EINVAL"),
                of("take-root/f", "a root partly taken apart", partly(), kernel(0x15))
                        .answers("returns 0")
                        .changes(
                                "mfn 13 refs: 3 -> 2",
                                "mfn 13 type: l3 x1 partial up to 2 -> l3 x1 valid",
                                "mfn 15 refs: 3 -> 2",
                                "mfn 15 type: l4 x1 partial up to 0 held -> l4 x1 valid",
                                "d1v1 root: none -> some(mfn 15)",
                                "d1v1 unfinished: " + unfinished(0x15, true) + " -> none",
                                "d1v1 life: uninitialised -> down")
                        .owes("flush Local[vcpu=d1v1]"),
                of("take-root/b", "an attempt gets further than the one before", left(), both())
                        .answers("returns 0")
                        .changes(
                                "mfn 14 refs: 3 -> 2",
                                "mfn 14 type: l3 x1 partial up to 1 -> l3 x1 valid",
                                "mfn 16 type: l4 x1 partial up to 0 held -> l4 x1 valid",
                                "d1v1 root: none -> some(mfn 15)",
                                "d1v1 user root: none -> some(mfn 16)",
                                "d1v1 unfinished: " + unfinished(0x15, false) + " -> none",
                                "d1v1 life: uninitialised -> down",
                                "d1v1 user mode: false -> true")
                        .owes("flush Local[vcpu=d1v1]"),
                of("take-root/c", "another root waits for what is left", left(), kernel(0x17))
                        .observed(Choices.preemptedAfter(0))
                        .answers(AGAIN)
                        .changes(
                                "mfn 13 refs: 2 -> 3",
                                "mfn 13 type: l3 x1 valid -> l3 x1 partial up to 2",
                                "mfn 15 refs: 2 -> 3",
                                "mfn 15 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                                "d1v1 unfinished: "
                                        + unfinished(0x15, false)
                                        + " -> "
                                        + unfinished(0x15, true)),
                of("take-root/d", "a root but for preemption", deep(), kernel(0x15))
                        .observed(Choices.preemptedAfter(0))
                        .answers(AGAIN)
                        .changes(
                                "mfn 13 refs: 1 -> 3",
                                "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 1",
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                                "mfn 15[0]: - -> mfn 13 rw+24")
                        .owes(newType(0x15), newType(0x13)),
                of(
                                "take-root/e",
                                "a root with a bad entry",
                                VcpuScenes.usual().entry(0x15, 0, Scene.writable(0x20)),
                                kernel(0x15))
                        .answers("returns -22 EINVAL")
                        .owes(newType(0x15)),
                of(
                                "take-user-root/b",
                                "user mode's root is no frame, since only its low bits are set",
                                VcpuScenes.usual(),
                                with(kernel(0x15), VcpuGuestContext.CONTROL1, 1))
                        .answers("returns -22 EINVAL")
                        .changes(
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                                "mfn 15 shows m2p: false -> true",
                                "d1v1 root: none -> some(mfn 15)")
                        .owes(newType(0x15)),
                of("take-user-root/c", "user mode's root but for preemption", deep(), both())
                        .observed(Choices.preemptedAfter(2))
                        .answers(AGAIN)
                        .changes(
                                "mfn 13 refs: 1 -> 2",
                                "mfn 13 type: none x0 unchecked -> l3 x1 valid",
                                "mfn 14 refs: 1 -> 3",
                                "mfn 14 type: none x0 unchecked -> l3 x1 partial up to 1",
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                                "mfn 15 shows m2p: false -> true",
                                "mfn 15[0]: - -> mfn 13 rw+24",
                                "mfn 16 refs: 1 -> 2",
                                "mfn 16 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                                "mfn 16[0]: - -> mfn 14 rw+24",
                                "d1v1 unfinished: none -> " + unfinished(0x15, false))
                        .owes(newType(0x15), newType(0x13), newType(0x16), newType(0x14)),
                of(
                                "take-user-root/d",
                                "user mode's root with a bad entry",
                                VcpuScenes.usual().entry(0x16, 0, Scene.writable(0x20)),
                                both())
                        .answers("returns -22 EINVAL")
                        .changes(
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                                "mfn 15 shows m2p: false -> true",
                                "d1v1 root: none -> some(mfn 15)")
                        .owes(newType(0x15), newType(0x16)),
                of("take-user-root/e", "both roots", VcpuScenes.usual(), both())
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
                        .owes(newType(0x15), newType(0x16), "flush Local[vcpu=d1v1]"));
    }

    private static Example of(String row, String title, Scene scene, Bytes context) {
        return Example.of(
                "mm.vcpu." + row, title, saying(scene, context), D1, new Event.Call(initialise()));
    }

    private static Bytes both() {
        return user(0x15, 0x16);
    }

    private static Bytes gdt(long frame) {
        return with(
                with(kernel(0x15), VcpuGuestContext.GDT_FRAMES, frame),
                VcpuGuestContext.GDT_ENTRIES,
                1);
    }

    /// Roots 0x15 and 0x16 lead to level 3 tables of their own.
    private static Scene deep() {
        return VcpuScenes.of(
                SmallScenes.usual(3)
                        .entry(0x15, 0, Scene.writable(0x13))
                        .entry(0x16, 0, Scene.writable(0x14)));
    }

    /// An attempt was preempted at user mode's root.
    private static Scene left() {
        return tried(deep(), both(), Choices.preemptedAfter(2));
    }

    /// Root 0x15 was kept by an attempt at which user mode's root was refused.
    private static Scene kept() {
        return tried(deep(), user(0x15, 0x20), Choices.NONE);
    }

    /// What it left has been begun to be taken apart for another root.
    private static Scene partly() {
        return tried(left(), kernel(0x17), Choices.preemptedAfter(0));
    }

    /// The caller has unpinned root 0x15, and was preempted.
    private static Scene callerBusy() {
        return deep().mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x15)
                .list(MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x15))
                .then(
                        D1,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)),
                        Choices.preemptedAfter(0));
    }
}
