// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Step;

/// How many elements of a batch are done, in the caller's memory.
///
/// @xen xen/arch/x86/mm.c, do_mmu_update and do_mmuext_op, "pdone"
public final class BatchCounts {

    private static final int BYTES = 4;

    private BatchCounts() {}

    /// How many were done before this part of the call: what the caller's memory says when the call
    /// goes on after preemption, else none. A place that cannot be read says none.
    @Clause(
            value = "mm.batch.done-before",
            covers = {"UPD-8"})
    static long before(Step at, BatchCount count, GuestAddress done) {
        if (!count.preempted() || done.isNull()) {
            return 0;
        }
        Option<GuestBytes> said = at.read(done, BYTES);
        return said.isEmpty() ? 0 : said.get().read(0, BYTES);
    }

    /// Adds what was done now; the count has 32 bits. A place that cannot be written is left alone.
    @Clause(
            value = "mm.batch.done",
            covers = {"UPD-8"})
    static Step after(Step at, GuestAddress done, long total) {
        return done.isNull() || !at.guest().writable(done, BYTES)
                ? at
                : at.reply(done, BYTES, total & 0xFFFF_FFFFL);
    }

    /// What the call will return once the teardown that it left is finished.
    static int carried(Step at) {
        return at.result() instanceof Result.Refused(var why) ? -why.number() : 0;
    }
}
