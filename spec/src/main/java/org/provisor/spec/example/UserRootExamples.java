// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Choices;

/// Examples of the roots that a vCPU's user mode runs on.
final class UserRootExamples {

    private UserRootExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                first(),
                another(),
                sameAgain(),
                noneAgain(),
                takenAway(),
                preempted(),
                oldPreempted(),
                somebodyElses(),
                badEntry());
    }

    private static Example user(String row, String title, Scene scene, long root) {
        return of(row, title, scene, MmuextCommand.NEW_USER_BASEPTR, root);
    }

    private static Scene on(long root) {
        return Scene.usual().mmuext(D1, MmuextCommand.NEW_USER_BASEPTR, root);
    }

    private static Example first() {
        return user("mm.root.user/e", "user mode gets a root", Scene.usual(), 0x15)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 valid",
                        "d1v0 user root: none -> some(mfn 15)")
                .owes(newType(0x15), ONE_DONE);
    }

    private static Example another() {
        return user("mm.root.user/e", "user mode gets another root", on(0x15), 0x16)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 2 -> 1",
                        "mfn 15 type: l4 x1 valid -> l4 x0 unchecked",
                        "mfn 16 refs: 1 -> 2",
                        "mfn 16 type: none x0 unchecked -> l4 x1 valid",
                        "d1v0 user root: some(mfn 15) -> some(mfn 16)")
                .owes(newType(0x16), ONE_DONE);
    }

    private static Example sameAgain() {
        return user("mm.root.user/a", "the same user root changes nothing", on(0x15), 0x15)
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example noneAgain() {
        return user("mm.root.user/a", "no user root after none changes nothing", Scene.usual(), 0)
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example takenAway() {
        return user("mm.root.user/b", "frame 0 takes the user root away", on(0x15), 0)
                .answers("returns 0")
                .changes(
                        "mfn 15 refs: 2 -> 1",
                        "mfn 15 type: l4 x1 valid -> l4 x0 unchecked",
                        "d1v0 user root: some(mfn 15) -> none")
                .owes(ONE_DONE);
    }

    private static Scene deep() {
        return SmallScenes.usual(2).entry(0x15, 0, Scene.writable(0x13));
    }

    private static Example preempted() {
        return user(
                        "mm.root.user/c",
                        "a user root whose check is preempted is not in use yet",
                        deep(),
                        0x15)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 1 -> 3",
                        "mfn 13 type: none x0 unchecked -> l3 x1 partial up to 1",
                        "mfn 15 refs: 1 -> 2",
                        "mfn 15 type: none x0 unchecked -> l4 x1 partial up to 0 held",
                        "mfn 15[0]: - -> mfn 13 rw+24")
                .owes(newType(0x15), newType(0x13), NONE_DONE);
    }

    private static Example oldPreempted() {
        return user(
                        "mm.root.put/c",
                        "the user root is gone while it is still being taken apart",
                        deep().mmuext(D1, MmuextCommand.NEW_USER_BASEPTR, 0x15),
                        0)
                .observed(Choices.preemptedAfter(0))
                .answers(again(0, 1))
                .changes(
                        "mfn 13 refs: 2 -> 3",
                        "mfn 13 type: l3 x1 valid -> l3 x1 partial up to 1",
                        "mfn 15 refs: 2 -> 3",
                        "mfn 15 type: l4 x1 valid -> l4 x1 partial up to 0 held",
                        "d1v0 user root: some(mfn 15) -> none",
                        "d1v0 unfinished: none -> " + unfinished(0x15, true))
                .owes(NONE_DONE);
    }

    private static Example somebodyElses() {
        return user("mm.root.user/d", "a frame of another domain is no user root", on(0x15), 0x20)
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Example badEntry() {
        return user(
                        "mm.root.user/d",
                        "a root with a bad entry is no user root",
                        on(0x15).entry(0x16, 0, Scene.writable(0x20)),
                        0x16)
                .answers("returns -22 EINVAL")
                .owes(newType(0x16), NONE_DONE);
    }
}
