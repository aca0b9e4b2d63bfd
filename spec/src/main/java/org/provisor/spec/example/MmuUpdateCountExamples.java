// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuUpdateBatchExamples.call;
import static org.provisor.spec.example.MmuUpdateBatchExamples.example;
import static org.provisor.spec.example.Scene.DONE;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.x86.Pte;

/// Examples of how `mmu_update` counts the requests that are done.
final class MmuUpdateCountExamples {

    private static final MmuUpdate UNMAP = Trees.set(0x10, 2, Pte.EMPTY);

    private MmuUpdateCountExamples() {}

    static Vector<Example> all() {
        return Vector.of(countGoesOn(), countStartsAnew(), countNotWanted(), countNotWritable());
    }

    private static Scene threeDone() {
        return Trees.pinnedL1().list(UNMAP).structure(DONE, Bytes.zero(4).with(0, 4, 3));
    }

    private static Example countGoesOn() {
        return example(
                        "mm.mmu-update.batch/f",
                        "a call that goes on adds to the count in the caller's memory",
                        threeDone(),
                        call(BatchCount.MMU_UPDATE_PREEMPTED | 1))
                .answers("returns 0")
                .owes("write 4 at va 20000, 4 bytes");
    }

    private static Example countStartsAnew() {
        return example(
                        "mm.mmu-update.batch/f",
                        "a call made for the first time counts from nothing",
                        threeDone(),
                        call(1))
                .answers("returns 0")
                .owes("write 1 at va 20000, 4 bytes");
    }

    private static Example countNotWanted() {
        return example(
                        "mm.mmu-update.batch/f",
                        "the count is written only if there is a place for it",
                        threeDone(),
                        call(LIST.value(), 1, 0))
                .answers("returns 0");
    }

    private static Example countNotWritable() {
        Scene scene = threeDone();
        return example(
                        "mm.mmu-update.batch/f",
                        "a count that cannot be written is no error",
                        scene.with(scene.ram().readOnly(DONE)),
                        call(1))
                .answers("returns 0");
    }
}
