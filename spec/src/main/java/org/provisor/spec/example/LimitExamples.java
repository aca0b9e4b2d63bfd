// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.TypeUse;

/// Examples of counters near their ends. Nobody is there to hold so many references: the scenes do
/// not satisfy the invariants, neither before nor after.
final class LimitExamples {

    private LimitExamples() {}

    static Vector<Example> all() {
        return Vector.of(noMoreTypes(), lastType(), noMoreReferences(), lastReference())
                .map(example -> example.breaks("I1: the scene starts from such counts"));
    }

    private static Scene writable(long refs, long types) {
        return Scene.usual().mmuext(D1, MmuextCommand.CLEAR_PAGE, 0x18).counts(0x18, refs, types);
    }

    private static Example clear(String row, String title, Scene scene) {
        return of(row, title, scene, MmuextCommand.CLEAR_PAGE, 0x18);
    }

    private static Example noMoreTypes() {
        return clear(
                        "mm.page-type.get/a",
                        "a frame held to its type by as many as can be is held by no more",
                        writable(1, TypeUse.MAX_COUNT))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example lastType() {
        return clear(
                        "mm.page-type.get/f",
                        "the last reference of a type that the counter has is handed out",
                        writable(1, TypeUse.MAX_COUNT - 1))
                .answers("returns 0")
                .owes(ONE_DONE, "clear mfn 18");
    }

    private static Example noMoreReferences() {
        return of(
                        "mm.ref.get/b",
                        "the last reference that the counter has is kept back",
                        writable(Frame.MAX_REFS - 1, 0),
                        MmuextCommand.PIN_L2_TABLE,
                        0x18)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example lastReference() {
        return clear(
                        "mm.ref.get/d",
                        "the last reference but one is handed out",
                        writable(Frame.MAX_REFS - 2, 0))
                .answers("returns 0")
                .owes(ONE_DONE, "clear mfn 18");
    }
}
