// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.request;
import static org.provisor.spec.example.Trees.set;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.UvmFlags;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of counters at their ends, which very many calls would lead to. The invariants do not
/// hold of these machines.
final class EntryLimitExamples {

    private static final long REFS = Frame.MAX_REFS - 1;
    private static final long TYPES = TypeUse.MAX_COUNT;

    private EntryLimitExamples() {}

    static Vector<Example> all() {
        return Vector.of(table(), locked(), memory(), referred(), typed())
                .appendAll(linear())
                .map(EntryLimitExamples::unheld);
    }

    /// Nobody is there to hold what the counters of the scene say.
    private static Example unheld(Example example) {
        boolean linear =
                example.row().equals("mm.linear.get/e") || example.row().equals("mm.linear.get/f");
        return example.breaks((linear ? "I4" : "I1") + ": the scene starts from such counts");
    }

    private static Example update(String row, String title, Scene scene) {
        GuestAddress va = new GuestAddress(0x1000);
        UvmFlags flags = new UvmFlags(UvmFlags.TLB_FLUSH);
        return Example.of(
                        row,
                        title,
                        scene,
                        D1,
                        new Event.Call(new Invocation.UpdateVaMappingCall(va, 0, flags)))
                .answers("returns -22 EINVAL");
    }

    private static Example table() {
        return update(
                "mm.update-va-mapping/c",
                "a table on which no reference is left to take is not changed",
                Trees.rooted().counts(0x10, REFS, 1));
    }

    private static Example locked() {
        return update(
                "mm.update-va-mapping/d",
                "a table that is held by as many as can be is not locked",
                Trees.rooted().counts(0x10, 2, TYPES));
    }

    private static Example memory() {
        return request(
                        "mm.mmu-update.entry/j",
                        "memory that is mapped writable as often as can be is not stored to",
                        Trees.pinnedL1().counts(0x14, 2, TYPES),
                        set(0x14, 0, Pte.EMPTY))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example referred() {
        return request(
                        "mm.entry.get-frame/c",
                        "a frame on which no reference is left to take is not mapped",
                        Trees.pinnedL1().counts(0x15, REFS, 0),
                        set(0x10, 1, Scene.readOnly(0x15)))
                .answers("returns -16 EBUSY")
                .owes(NONE_DONE);
    }

    private static Example typed() {
        return request(
                        "mm.entry.get-frame/f",
                        "a frame is not mapped writable more often than can be counted",
                        Trees.pinnedL1().counts(0x14, 2, TYPES),
                        set(0x10, 1, Scene.writable(0x14)))
                .answers("returns -16 EBUSY")
                .owes(NONE_DONE);
    }

    private static Scene pinned() {
        return Scene.usual()
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12)
                .mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x18);
    }

    private static Scene counting(long mfn, int linear) {
        Frame frame = pinned().machine().frame(new Mfn(mfn));
        return pinned().frame(mfn, frame.withTable(frame.table().withLinear(linear)));
    }

    private static Example leading(String row, String title, Scene scene) {
        return request(row, title, scene, set(0x12, 0, Scene.readOnly(0x18)))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Vector<Example> linear() {
        return Vector.of(
                leading(
                        "mm.linear.get/d",
                        "a table on which no reference is left to take is not led to",
                        pinned().counts(0x18, REFS, 1)),
                leading(
                        "mm.linear.get/e",
                        "a table leads to no more tables of its level than can be counted",
                        counting(0x12, Short.MAX_VALUE)),
                leading(
                        "mm.linear.get/f",
                        "a table is not led to from its level more often than can be counted",
                        counting(0x18, Short.MIN_VALUE)),
                leading(
                        "mm.linear.get/g",
                        "a table that is held by as many as can be is not led to",
                        pinned().counts(0x18, 2, TYPES)));
    }
}
