// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.by;
import static org.provisor.spec.example.MmuextCalls.newType;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.owner;
import static org.provisor.spec.example.Scene.D0;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;

/// Examples of which operation of `mmuext_op` a number means, and for whom it may be done.
final class MmuextOperationExamples {

    private MmuextOperationExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                        unknown(14, "the number that was never given out is unknown"),
                        unknown(21, "the number after the last is unknown"),
                        superpage(MmuextCommand.MARK_SUPER, "superpages are not marked"),
                        superpage(MmuextCommand.UNMARK_SUPER, "superpages are not unmarked"),
                        superpageOfAnother(),
                        pins(),
                        clears(),
                        root(),
                        flushes(),
                        descriptors())
                .appendAll(
                        Vector.of(
                                        MmuextCommand.NEW_BASEPTR,
                                        MmuextCommand.NEW_USER_BASEPTR,
                                        MmuextCommand.TLB_FLUSH_LOCAL,
                                        MmuextCommand.TLB_FLUSH_MULTI,
                                        MmuextCommand.TLB_FLUSH_ALL,
                                        MmuextCommand.INVLPG_LOCAL,
                                        MmuextCommand.INVLPG_MULTI,
                                        MmuextCommand.INVLPG_ALL,
                                        MmuextCommand.FLUSH_CACHE,
                                        MmuextCommand.FLUSH_CACHE_GLOBAL,
                                        MmuextCommand.SET_LDT)
                                .map(MmuextOperationExamples::onlyForItself));
    }

    private static Example unknown(int number, String title) {
        return of("mm.mmuext.operation/a", title, Scene.usual(), new MmuextOp(number, 0x10, 0))
                .answers("returns -38 ENOSYS")
                .owes(NONE_DONE);
    }

    private static Example superpage(MmuextCommand command, String title) {
        return of("mm.mmuext.operation/b", title, Scene.usual(), command, 0x10)
                .answers("returns -95 EOPNOTSUPP")
                .owes(NONE_DONE);
    }

    private static Example superpageOfAnother() {
        return by(
                        D0,
                        owner(1),
                        "mm.mmuext.operation/b",
                        "superpages of another domain are not marked either",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.MARK_SUPER, 0x10))
                .answers("returns -95 EOPNOTSUPP")
                .owes(NONE_DONE);
    }

    private static Example pins() {
        return of(
                        "mm.mmuext.operation/c",
                        "an empty frame is pinned as a level 3 table",
                        Scene.usual(),
                        MmuextCommand.PIN_L3_TABLE,
                        0x13)
                .answers("returns 0")
                .changes(
                        "mfn 13 refs: 1 -> 2",
                        "mfn 13 type: none x0 unchecked -> l3 x1 valid pinned")
                .owes(newType(0x13), ONE_DONE);
    }

    private static Example clears() {
        return by(
                        D0,
                        owner(1),
                        "mm.mmuext.operation/d",
                        "a control domain clears a frame of another",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.CLEAR_PAGE, 0x18))
                .answers("returns 0")
                .changes("mfn 18 type: none x0 unchecked -> writable x0 valid")
                .owes(newType(0x18), ONE_DONE, "clear mfn 18");
    }

    private static Example onlyForItself(MmuextCommand command) {
        return by(
                        D0,
                        owner(1),
                        "mm.mmuext.operation/e",
                        command.xenName() + " is not done for another domain",
                        Scene.usual(),
                        MmuextOp.of(command, 0x14))
                .answers("returns -1 EPERM")
                .owes(NONE_DONE);
    }

    private static Example root() {
        return of(
                        "mm.mmuext.operation/f",
                        "user mode has no root, and gets none",
                        Scene.usual(),
                        MmuextCommand.NEW_USER_BASEPTR,
                        0)
                .answers("returns 0")
                .owes(ONE_DONE);
    }

    private static Example flushes() {
        return of(
                        "mm.mmuext.operation/g",
                        "a guest empties the cache of the processor that it runs on",
                        Scene.usual(),
                        MmuextCommand.TLB_FLUSH_LOCAL,
                        0)
                .answers("returns 0")
                .owes("flush Local[vcpu=d1v0]", ONE_DONE);
    }

    private static Example descriptors() {
        return of(
                        "mm.mmuext.operation/h",
                        "a guest says where its local descriptor table is",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.SET_LDT, 0x40_0000, 8))
                .answers("returns 0")
                .changes(
                        "d1v0 ldt: localtable[base=0, entries=0, mapped=hashmap()]"
                                + " -> localtable[base=4194304, entries=8, mapped=hashmap()]")
                .owes(ONE_DONE);
    }
}
