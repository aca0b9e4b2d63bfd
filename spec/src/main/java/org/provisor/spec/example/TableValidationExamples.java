// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.x86.Pte;

/// Examples of checking level 2, 3 and 4 tables entry by entry.
final class TableValidationExamples {

    private TableValidationExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                stopped(), stoppedWithin(), firstBad(), laterBad(), laterBadWithin(), xenSlots());
    }

    private static Example stopped() {
        return of(
                        "mm.validate.table/a",
                        "the check of a level 3 table is preempted before an entry",
                        SmallScenes.usual(3),
                        MmuextCommand.PIN_L3_TABLE,
                        0x13)
                .observed(Choices.preemptedAfter(1))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 1 -> 2",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 2")
                .owes(newType(0x13), NONE_DONE);
    }

    private static Example stoppedWithin() {
        return of(
                        "mm.validate.table/b",
                        "the check of a root is preempted in a table far below",
                        SmallScenes.l3().entry(0x14, 0, Scene.writable(0x13)),
                        MmuextCommand.PIN_L4_TABLE,
                        0x14)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 0 held",
                        "mfn 13[0]: - -> mfn 12 rw+24",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                        "mfn 14[0]: - -> mfn 13 rw+24")
                .owes(newType(0x14), newType(0x13), newType(0x12), NONE_DONE);
    }

    private static Example firstBad() {
        return of(
                        "mm.validate.table/c",
                        "a table whose first entry is bad is refused, with nothing left",
                        Scene.usual().entry(0x13, 0, Scene.writable(0x12).with(Pte.GLOBAL)),
                        MmuextCommand.PIN_L3_TABLE,
                        0x13)
                .answers("returns -22 EINVAL")
                .owes(newType(0x13), NONE_DONE);
    }

    private static Example laterBad() {
        return of(
                        "mm.validate.table/d",
                        "a root whose second entry is bad is left to be taken apart",
                        Scene.usual().entry(0x14, 1, Scene.writable(0x1000)),
                        MmuextCommand.PIN_L4_TABLE,
                        0x14)
                .answers(carrying(-22))
                .changes(
                        "mfn 14 refs: 1 -> 3",
                        "mfn 14 type: none x0 unchecked -> l4 x1 partial up to 1",
                        "mfn 14[1]: - -> mfn 1000 rw+24",
                        "d1v0 unfinished: none -> " + unfinished(0x14, true))
                .owes(newType(0x14), NONE_DONE);
    }

    private static Example laterBadWithin() {
        return of(
                        "mm.validate.table/d",
                        "a table stopped at by the bad table below is what is left",
                        SmallScenes.l3()
                                .entry(0x13, 1, Scene.writable(0x17))
                                .entry(0x17, 1, Scene.writable(0x20)),
                        MmuextCommand.PIN_L3_TABLE,
                        0x13)
                .answers(carrying(-22))
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 valid",
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 1 held",
                        "mfn 13[0]: - -> mfn 12 rw+24",
                        "mfn 13[1]: - -> mfn 17 rw+24",
                        "mfn 17 refs: 1 -> 3",
                        "mfn 17 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 17[1]: - -> mfn 20 rw+24",
                        "d1v0 unfinished: none -> " + unfinished(0x13, true))
                .owes(newType(0x13), newType(0x12), newType(0x17), NONE_DONE);
    }

    private static Example xenSlots() {
        return of(
                        "mm.validate.table/e",
                        "what a guest wrote into Xen's slots of a root is not looked at",
                        Scene.usual()
                                .entry(0x14, 255, Scene.writable(0x13))
                                .entry(0x14, 256, Scene.writable(0x20))
                                .entry(0x14, 271, Scene.writable(0x1000)),
                        MmuextCommand.PIN_L4_TABLE,
                        0x14)
                .answers("returns 0")
                .changes(
                        "mfn 13 refs: 1 -> 2",
                        "mfn 13 type: none x0 unchecked -> l3 x1 valid",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> l4 x1 valid pinned",
                        "mfn 14[255]: - -> mfn 13 rw+24")
                .owes(newType(0x14), newType(0x13), ONE_DONE);
    }
}
