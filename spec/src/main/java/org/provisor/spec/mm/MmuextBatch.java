// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `mmuext_op`: a batch of operations on whole page tables and on caches of translations.
///
/// @xen xen/arch/x86/mm.c, do_mmuext_op
public final class MmuextBatch {

    private static final Bitness BITS = Bitness.BITS_64;

    private MmuextBatch() {}

    /// Does the call `mmuext_op`.
    ///
    /// | row | first                                                     | outcome                    |
    /// |-----|-----------------------------------------------------------|----------------------------|
    /// | a   | finishing an earlier teardown is preempted                | made again, unchanged      |
    /// | b   | the call only waited for that                             | the result that it carries |
    /// | c   | the list is not where a guest may have it                 | `EFAULT`                   |
    /// | d   | there is no domain of that number to act for              | `ESRCH`                    |
    /// | e   | the caller may not act for it                             | `EPERM`                    |
    /// | f   | the operations begin                                      | {@link #operations}        |
    ///
    /// The count of the operations done is written in row f only.
    @Clause(
            value = "mm.mmuext",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"PA-5"})
    public static Outcome call(Step start, MmuextOpCall call) {
        Step at = UnfinishedTeardown.finish(start);
        if (at.preempted()) {
            return Outcome.continuing(at.row("mm.mmuext/a"), call);
        }
        if (call.carriesResult()) {
            return Outcome.returning(at.row("mm.mmuext/b"), call.foreigndom().result());
        }
        long before = BatchCounts.before(at, call.count(), call.pdone());
        if (!GuestAddresses.arrayOk(
                call.uops(), call.count().requests(), MmuextOp.LAYOUT.size(BITS))) {
            return Outcome.returning(at.refuse("mm.mmuext/c", EFAULT));
        }
        Option<Domid> owner = ForeignOwner.resolve(at, call.foreigndom().frames());
        if (owner.isEmpty()) {
            return Outcome.returning(at.refuse("mm.mmuext/d", ESRCH));
        }
        return at.caller().mayActOn(owner.get())
                ? operations(at.row("mm.mmuext/f"), call, before, owner.get())
                : Outcome.returning(at.refuse("mm.mmuext/e", EPERM));
    }

    /// Does the operations in their order, each an atomic element.
    ///
    /// | row | before an operation                                    | outcome                       |
    /// |-----|--------------------------------------------------------|-------------------------------|
    /// | a   | a table is left to be taken apart                      | made again from here          |
    /// | b   | the preemption check answers yes, not before the first | made again from here          |
    /// | c   | it cannot be read                                      | `EFAULT`                      |
    ///
    /// | row | after the operations, or one that failed               | outcome                       |
    /// |-----|--------------------------------------------------------|-------------------------------|
    /// | d   | one was preempted within                               | made again from it            |
    /// | e   | a table is left to be taken apart                      | made again, carrying the result |
    /// | f   | nothing is left                                        | the result                    |
    @Clause(
            value = "mm.mmuext.batch",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"UPD-8", "CNT-1", "PA-5"})
    private static Outcome operations(Step start, MmuextOpCall call, long before, Domid owner) {
        long count = call.count().requests();
        long done = 0;
        Step at = start;
        while (at.ok() && done < count) {
            at = next(at, call.uops(), done, owner);
            done = at.ok() ? done + 1 : done;
        }
        Step counted = BatchCounts.after(at, call.pdone(), before + done);
        if (at.preempted()) {
            return Outcome.continuing(counted.row("mm.mmuext.batch/d"), call.after(done, BITS));
        }
        if (UnfinishedTeardown.pending(at)) {
            return Outcome.continuing(
                    counted.row("mm.mmuext.batch/e"),
                    MmuextOpCall.carrying(BatchCounts.carried(at)));
        }
        return Outcome.returning(counted.row("mm.mmuext.batch/f"));
    }

    private static Step next(Step at, GuestAddress list, long index, Domid owner) {
        if (UnfinishedTeardown.pending(at)) {
            return at.ending(Result.PREEMPTED).row("mm.mmuext.batch/a");
        }
        if (index > 0 && at.preemptionDue()) {
            return at.ending(Result.PREEMPTED).row("mm.mmuext.batch/b");
        }
        Step checked = index > 0 ? at.checked() : at;
        int size = MmuextOp.LAYOUT.size(BITS);
        Option<GuestBytes> bytes = checked.read(list.plus(index * size), size);
        if (bytes.isEmpty()) {
            return checked.refuse("mm.mmuext.batch/c", EFAULT);
        }
        MmuextOp operation = MmuextOp.fromBytes(bytes.get(), 0, BITS);
        return MmuextOperation.one(checked, operation, owner);
    }
}
