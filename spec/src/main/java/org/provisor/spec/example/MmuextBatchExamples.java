// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.again;
import static org.provisor.spec.example.MmuextCalls.call;
import static org.provisor.spec.example.MmuextCalls.carrying;
import static org.provisor.spec.example.MmuextCalls.of;
import static org.provisor.spec.example.MmuextCalls.unfinished;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Choices;

/// Examples of the operations of `mmuext_op` in their order, and what ends them.
final class MmuextBatchExamples {

    private static final MmuextOp FLUSH = MmuextOp.of(MmuextCommand.TLB_FLUSH_LOCAL, 0);

    private static final MmuextOp UNPIN = MmuextOp.of(MmuextCommand.UNPIN_TABLE, 0x12);

    private static final String FLUSHED = "flush Local[vcpu=d1v0]";

    private MmuextBatchExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                teardownBetween(),
                preemptedBetween(),
                notReadable(),
                preemptedWithin(),
                teardownAtEnd(),
                done(),
                storedBefore(),
                goesOn());
    }

    private static Example teardownBetween() {
        return of(
                        "mm.mmuext.batch/a",
                        "a table that one operation leaves is taken apart before the next",
                        SmallScenes.pinnedL2(3),
                        UNPIN,
                        FLUSH)
                .observed(Choices.preemptedAfter(0))
                .answers(again(1, 1))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x1 partial up to 2",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(ONE_DONE);
    }

    private static Example preemptedBetween() {
        return of(
                        "mm.mmuext.batch/b",
                        "a batch is preempted between operations, not before the first",
                        Scene.usual(),
                        FLUSH,
                        FLUSH)
                .observed(Choices.preemptedAfter(0))
                .answers(again(1, 1))
                .owes(FLUSHED, ONE_DONE);
    }

    private static Example notReadable() {
        return call(
                        "mm.mmuext.batch/c",
                        "an operation that cannot be read ends the batch there",
                        Scene.usual().list(FLUSH),
                        Scene.mmuext(2, ForeignDomains.SELF))
                .answers("returns -14 EFAULT")
                .owes(FLUSHED, ONE_DONE);
    }

    private static Example preemptedWithin() {
        return of(
                        "mm.mmuext.batch/d",
                        "a batch whose second operation is preempted goes on with it",
                        SmallScenes.usual(2),
                        FLUSH,
                        MmuextOp.of(MmuextCommand.PIN_L2_TABLE, 0x12))
                .observed(Choices.preemptedAfter(1))
                .answers(again(1, 1))
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l2 x1 partial up to 1")
                .owes(FLUSHED, MmuextCalls.newType(0x12), ONE_DONE);
    }

    private static Example teardownAtEnd() {
        return of(
                        "mm.mmuext.batch/e",
                        "a batch that is done but for a table carries its result along",
                        SmallScenes.pinnedL2(3),
                        FLUSH,
                        UNPIN)
                .observed(Choices.preemptedAfter(2))
                .answers(carrying(0))
                .changes(
                        "mfn 12 refs: 2 -> 3",
                        "mfn 12 type: l2 x1 valid pinned -> l2 x1 partial up to 1",
                        "d1v0 unfinished: none -> " + unfinished(0x12, true))
                .owes(FLUSHED, "write 2 at va 20000, 4 bytes");
    }

    private static Example done() {
        return of("mm.mmuext.batch/f", "a batch is done", Scene.usual(), FLUSH, FLUSH)
                .answers("returns 0")
                .owes(FLUSHED, FLUSHED, "write 2 at va 20000, 4 bytes");
    }

    /// Before the batch the frame holds an entry for a frame of another domain.
    private static Example storedBefore() {
        return of(
                        "mm.mmuext.batch/f",
                        "a table is checked as an operation before it left it",
                        Scene.usual().entry(0x12, 0, Scene.writable(0x20)),
                        MmuextOp.of(MmuextCommand.CLEAR_PAGE, 0x12),
                        MmuextOp.of(MmuextCommand.PIN_L1_TABLE, 0x12))
                .answers("returns 0")
                .changes(
                        "mfn 12 refs: 1 -> 2",
                        "mfn 12 type: none x0 unchecked -> l1 x1 valid pinned")
                .owes(
                        MmuextCalls.newType(0x12),
                        MmuextCalls.newType(0x12),
                        "write 2 at va 20000, 4 bytes",
                        "clear mfn 12");
    }

    private static Example goesOn() {
        BatchCount marked = new BatchCount(1 | BatchCount.MMU_UPDATE_PREEMPTED);
        return call(
                        "mm.mmuext.batch/f",
                        "a batch made again counts on from what is written",
                        Scene.usual()
                                .list(FLUSH)
                                .structure(Scene.DONE, Bytes.zero(4).with(0, 4, 5)),
                        new MmuextOpCall(Scene.LIST, marked, Scene.DONE, ForeignDomains.SELF))
                .answers("returns 0")
                .owes(FLUSHED, "write 6 at va 20000, 4 bytes");
    }
}
