// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;

/// Examples of tables held by an entry or as a root: a general and a type reference, or what is
/// left of them when the check of the table does not come to its end.
final class HeldTableExamples {

    private HeldTableExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                held(), heldBefore(), leftToFinish(), remembered(), refused(), notRemembered());
    }

    private static Scene l3(int slots) {
        return SmallScenes.usual(slots).entry(0x13, 0, Scene.writable(0x12));
    }

    private static Example pin(String row, String title, Scene scene) {
        return of(
                "mm.page-type.get-with-reference/" + row,
                title,
                scene,
                MmuextCommand.PIN_L3_TABLE,
                0x13);
    }

    private static Example held() {
        return pin("a", "a level 3 table holds the level 2 table that it leads to", l3(2))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 valid",
                        "mfn 13 refs: 1 -> 2",
                        "mfn 13 type: none x0 unchecked -> l3 x1 valid pinned",
                        "mfn 13[0]: - -> mfn 12 rw+24")
                .owes(newType(0x13), newType(0x12), MmuextCalls.ONE_DONE);
    }

    private static Example heldBefore() {
        return pin(
                        "b",
                        "an entry whose check is preempted twice holds one reference all the time",
                        l3(3).list(MmuextOp.of(MmuextCommand.PIN_L3_TABLE, 0x13))
                                .then(D1, MmuextCalls.event(1), Choices.preemptedAfter(0)))
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes("mfn 12 type: l2 x1 partial up to 1 -> l2 x1 partial up to 2")
                .owes(NONE_DONE);
    }

    private static Example leftToFinish() {
        return pin(
                        "c",
                        "a bad table below the first entry is left to be taken apart with the table"
                                + " above",
                        l3(2).entry(0x12, 0, Scene.writable(0x10))
                                .entry(0x12, 1, Scene.writable(0x20)))
                .answers(carrying(-22))
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 12[0]: - -> mfn 10 rw+24",
                        "mfn 12[1]: - -> mfn 20 rw+24",
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 0 held",
                        "mfn 13[0]: - -> mfn 12 rw+24",
                        "d1v0 unfinished: none -> " + unfinished(0x13, true))
                .owes(newType(0x13), newType(0x12), newType(0x10), NONE_DONE);
    }

    private static Example remembered() {
        return pin("d", "an entry at which the check was preempted keeps its reference", l3(2))
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 13 refs: 1 -> 2",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 0 held",
                        "mfn 13[0]: - -> mfn 12 rw+24")
                .owes(newType(0x13), newType(0x12), NONE_DONE);
    }

    private static Example refused() {
        return pin(
                        "e",
                        "an entry for a frame in use as something else holds nothing",
                        l3(2).mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x12))
                .answers("returns -22 EINVAL")
                .owes(newType(0x13), NONE_DONE);
    }

    private static Example notRemembered() {
        return of(
                        "mm.page-type.get-with-reference/e",
                        "a vCPU does not hold a root whose check was preempted",
                        SmallScenes.usual(2).entry(0x14, 0, Scene.writable(0x13)),
                        MmuextCommand.NEW_BASEPTR,
                        0x14)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 1",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                        "mfn 14[0]: - -> mfn 13 rw+24")
                .owes(newType(0x14), newType(0x13), NONE_DONE);
    }
}
