// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.DONE;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of how the requests of `mmu_update` follow one another.
final class MmuUpdateBatchExamples {

    private static final MmuUpdate MAP_15 = Trees.set(0x10, 1, Scene.writable(0x15));
    private static final MmuUpdate UNMAP = Trees.set(0x10, 2, Pte.EMPTY);

    private MmuUpdateBatchExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                tableLeft(),
                preemptedBetween(),
                unreadable(),
                preemptedWithin(),
                tableLeftAtTheEnd(),
                failedWithTableLeft(),
                allDone(),
                failed());
    }

    /// A call for d1 itself: where the list is, how many requests it has, where to count.
    static MmuUpdateCall call(long at, long count, long done) {
        return new MmuUpdateCall(
                new GuestAddress(at),
                new BatchCount(count),
                new GuestAddress(done),
                ForeignDomains.SELF);
    }

    /// A call for the first requests of the list.
    static MmuUpdateCall call(long count) {
        return call(LIST.value(), count, DONE.value());
    }

    /// An example of such a call.
    static Example example(String row, String title, Scene scene, MmuUpdateCall call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }

    private static Example mapped(Example example) {
        return example.changes(
                "mfn 10[1]: - -> mfn 15 rw+124",
                "mfn 15 refs: 1 -> 2",
                "mfn 15 type: none x0 unchecked -> writable x1 valid");
    }

    private static Example tableLeft() {
        MmuUpdate cleared = Trees.set(0x12, 0, Pte.EMPTY);
        return example(
                        "mm.mmu-update.batch/a",
                        "a table that a request lets go of is taken apart before the next request",
                        Trees.pinnedL2().list(cleared, Trees.set(0x12, 1, Pte.EMPTY)),
                        call(2))
                .answers(Trees.again(call(0x10010, BatchCount.MMU_UPDATE_PREEMPTED | 1, 0x20000)))
                .changes(
                        "mfn 12[0]: mfn 10 rw+24 -> -",
                        "d1v0 unfinished: none -> some(unfinished[table=mfn 10, container=mfn 12,"
                                + " hascontainer=true, partial=false])")
                .owes("flush Domain[domain=d1]", "write 1 at va 20000, 4 bytes");
    }

    private static Example preemptedBetween() {
        return mapped(
                        example(
                                "mm.mmu-update.batch/b",
                                "between two requests the call may be preempted",
                                Trees.pinnedL1().list(MAP_15, UNMAP),
                                call(2)))
                .observed(Choices.preemptedAfter(0))
                .answers(Trees.again(call(0x10010, BatchCount.MMU_UPDATE_PREEMPTED | 1, 0x20000)))
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]",
                        "write 1 at va 20000, 4 bytes");
    }

    private static Example unreadable() {
        return mapped(
                        example(
                                "mm.mmu-update.batch/c",
                                "the requests before one that cannot be read are done",
                                Trees.pinnedL1().list(MAP_15),
                                call(2)))
                .answers("returns -14 EFAULT")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]",
                        "write 1 at va 20000, 4 bytes");
    }

    private static Example preemptedWithin() {
        return example(
                        "mm.mmu-update.batch/d",
                        "a request that checks a table may be preempted and is made again",
                        Trees.emptyL3().list(Trees.set(0x13, 0, Scene.writable(0x12))),
                        call(1))
                .observed(Choices.preemptedAfter(0))
                .answers(Trees.again(call(0x10000, BatchCount.MMU_UPDATE_PREEMPTED | 1, 0x20000)))
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 10[0]: - -> mfn 14 rw+124",
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 12[0]: - -> mfn 10 rw+24",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> writable x1 valid")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 12, wasTable=false]",
                        "flush TypeChange[owner=d1, mfn=mfn 10, wasTable=false]",
                        "flush TypeChange[owner=d1, mfn=mfn 14, wasTable=false]",
                        "write 0 at va 20000, 4 bytes");
    }

    private static Example tableLeftAtTheEnd() {
        return example(
                        "mm.mmu-update.batch/e",
                        "the call is made again to take apart the table that it let go of",
                        Trees.pinnedL2().list(Trees.set(0x12, 0, Pte.EMPTY)),
                        call(1))
                .answers(Trees.carrying(0))
                .changes(
                        "mfn 12[0]: mfn 10 rw+24 -> -",
                        "d1v0 unfinished: none -> some(unfinished[table=mfn 10, container=mfn 12,"
                                + " hascontainer=true, partial=false])")
                .owes("flush Domain[domain=d1]", "write 1 at va 20000, 4 bytes");
    }

    private static Example failedWithTableLeft() {
        Scene scene = Trees.emptyL3().entry(0x12, 1, Scene.readOnly(0x20));
        return example(
                        "mm.mmu-update.batch/e",
                        "the error of a check that left a table half done is carried on",
                        scene.list(Trees.set(0x13, 0, Scene.writable(0x12))),
                        call(1))
                .answers(Trees.carrying(-22))
                .changes(
                        "mfn 10 refs: 1 -> 2",
                        "mfn 10 type: none x0 unchecked -> l1 x1 valid",
                        "mfn 10[0]: - -> mfn 14 rw+124",
                        "mfn 12 refs: 1 -> 3",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1",
                        "mfn 12[0]: - -> mfn 10 rw+24",
                        "mfn 12[1]: - -> mfn 20 ro+24",
                        "mfn 14 refs: 1 -> 2",
                        "mfn 14 type: none x0 unchecked -> writable x1 valid",
                        "d1v0 unfinished: none -> some(unfinished[table=mfn 12, container=mfn 12,"
                                + " hascontainer=false, partial=true])")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 12, wasTable=false]",
                        "flush TypeChange[owner=d1, mfn=mfn 10, wasTable=false]",
                        "flush TypeChange[owner=d1, mfn=mfn 14, wasTable=false]",
                        "write 0 at va 20000, 4 bytes");
    }

    private static Example allDone() {
        return mapped(
                        example(
                                "mm.mmu-update.batch/f",
                                "all requests are done and counted",
                                Trees.pinnedL1().list(MAP_15, UNMAP),
                                call(2)))
                .answers("returns 0")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]",
                        "write 2 at va 20000, 4 bytes");
    }

    private static Example failed() {
        MmuUpdate refused = Trees.set(0x10, 2, Scene.writable(0x20));
        return mapped(
                        example(
                                "mm.mmu-update.batch/f",
                                "the requests before one that is refused stay done",
                                Trees.pinnedL1().list(MAP_15, refused, UNMAP),
                                call(3)))
                .answers("returns -16 EBUSY")
                .owes(
                        "flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]",
                        "write 1 at va 20000, 4 bytes");
    }
}
