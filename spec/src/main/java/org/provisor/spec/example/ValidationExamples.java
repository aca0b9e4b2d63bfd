// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;
import org.provisor.spec.x86.Pte;

/// Examples of checking the entries of a frame that is to be a page table.
final class ValidationExamples {

    private ValidationExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                valid(), preempted(), failedWithRest(), failed(), kernelEntry(), badEntry());
    }

    private static Example valid() {
        return of(
                        "mm.validate/a",
                        "a level 2 table is valid when the level 1 table below is",
                        Scene.usual().entry(0x12, 0, Scene.writable(0x10)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 valid pinned",
                        "mfn 12[0]: - -> mfn 10 rw+24")
                .owes(newType(0x12), newType(0x10), ONE_DONE);
    }

    private static Example preempted() {
        return of(
                        "mm.validate/b",
                        "a check that is preempted keeps what it has seen so far",
                        SmallScenes.usual(4).entry(0x12, 0, Scene.writable(0x10)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .observed(Choices.preemptedAfter(2))
                .answers(again(0, 1))
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 3",
                        "mfn 12[0]: - -> mfn 10 rw+24")
                .owes(newType(0x12), newType(0x10), NONE_DONE);
    }

    private static Example failedWithRest() {
        return of(
                        "mm.validate/c",
                        "a table with a bad entry behind empty ones is left to be taken apart",
                        Scene.usual().entry(0x12, 5, Scene.writable(0x20)),
                        MmuextCommand.PIN_L2_TABLE,
                        0x12)
                .answers(carrying(-22))
                .changes(
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 5",
                        "mfn 12[5]: - -> mfn 20 rw+24",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(newType(0x12), NONE_DONE);
    }

    private static Example failed() {
        return of(
                        "mm.validate/d",
                        "a frame that fails its check has no type afterwards",
                        Scene.usual()
                                .mmuext(D1, MmuextCommand.CLEAR_PAGE, 0x10)
                                .entry(0x10, 0, Scene.readOnly(0)),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns -1 EPERM")
                .changes("mfn 10 type: writable x0 valid -> none x0 unchecked")
                .owes(newType(0x10), NONE_DONE);
    }

    private static Example kernelEntry() {
        return of(
                        "mm.validate.l1/a",
                        "an entry for the guest's kernel is marked, one for its user is global",
                        Scene.usual()
                                .entry(0x10, 0, Scene.readOnly(0x18).without(Pte.USER))
                                .entry(0x10, 1, Scene.readOnly(0x18))
                                .entry(0x10, 2, new Pte(0xABC0)),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid pinned",
                        "mfn 10[0]: - -> mfn 18 ro+10000000000024",
                        "mfn 10[1]: - -> mfn 18 ro+124",
                        "mfn 10[2]: - -> not present abc0",
                        "mfn 18 refs: 1 -> 3")
                .owes(newType(0x10), ONE_DONE);
    }

    private static Example badEntry() {
        return of(
                        "mm.validate.l1/b",
                        "the entries before a bad one are let go at once",
                        Scene.usual()
                                .entry(0x10, 0, Scene.writable(0x18))
                                .entry(0x10, 1, Scene.readOnly(0x19))
                                .entry(0x10, 2, Scene.readOnly(0x20)),
                        MmuextCommand.PIN_L1_TABLE,
                        0x10)
                .answers("returns -16 EBUSY")
                .changes(
                        "mfn 18 type: none x0 unchecked -> writable x0 valid",
                        "mfn 18 stale: false -> true")
                .owes(
                        newType(0x10),
                        newType(0x18),
                        NONE_DONE,
                        "store 18127 in mfn 10[0]",
                        "store 19125 in mfn 10[1]");
    }
}
