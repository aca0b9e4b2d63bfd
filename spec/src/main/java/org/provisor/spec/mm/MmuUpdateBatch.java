// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `mmu_update`: a batch of requests to change page tables or the machine-to-physical table.
///
/// @xen xen/arch/x86/mm.c, do_mmu_update
public final class MmuUpdateBatch {

    private static final Bitness BITS = Bitness.BITS_64;

    private MmuUpdateBatch() {}

    /// Does the call `mmu_update`.
    ///
    /// | row | first                                                     | outcome                    |
    /// |-----|-----------------------------------------------------------|----------------------------|
    /// | a   | finishing an earlier teardown is preempted                | made again, unchanged      |
    /// | b   | the call only waited for that                             | the result that it carries |
    /// | c   | the list is not where a guest may have it                 | `EFAULT`                   |
    /// | d   | there is no owner of page tables of that number           | `ESRCH`                    |
    /// | e   | the other owner of page tables has no vCPU                | `EINVAL`, count of none    |
    /// | f   | there is no owner of data of that number                  | `ESRCH`, count of none     |
    /// | g   | the requests begin                                        | {@link #requests}          |
    ///
    /// The count of the requests done is written in rows e to g.
    @Clause(
            value = "mm.mmu-update",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"PA-5", "UPD-1"})
    public static Outcome call(Step start, MmuUpdateCall call) {
        Step at = UnfinishedTeardown.finish(start);
        if (at.preempted()) {
            return Outcome.continuing(at.row("mm.mmu-update/a"), call);
        }
        if (call.carriesResult()) {
            return Outcome.returning(at.row("mm.mmu-update/b"), call.foreigndom().result());
        }
        long before = BatchCounts.before(at, call.count(), call.pdone());
        if (!GuestAddresses.arrayOk(
                call.ureqs(), call.count().requests(), MmuUpdate.LAYOUT.size(BITS))) {
            return Outcome.returning(at.refuse("mm.mmu-update/c", EFAULT));
        }
        Domid tables =
                call.foreigndom().namesTables() ? call.foreigndom().tables() : at.by().domain();
        if (!at.machine().has(tables)) {
            return Outcome.returning(at.refuse("mm.mmu-update/d", ESRCH));
        }
        Domain owner = at.domain(tables);
        if (!tables.equals(at.by().domain()) && owner.vcpus().isEmpty()) {
            return refused(at.refuse("mm.mmu-update/e", EINVAL), call, before);
        }
        Option<Domid> data = ForeignOwner.resolve(at, call.foreigndom().frames());
        return data.isEmpty()
                ? refused(at.refuse("mm.mmu-update/f", ESRCH), call, before)
                : requests(at.row("mm.mmu-update/g"), call, before, tables, data.get());
    }

    private static Outcome refused(Step at, MmuUpdateCall call, long before) {
        return Outcome.returning(BatchCounts.after(at, call.pdone(), before));
    }

    /// Does the requests in their order, each an atomic element.
    ///
    /// | row | before a request                                       | outcome                       |
    /// |-----|--------------------------------------------------------|-------------------------------|
    /// | a   | a table is left to be taken apart                      | made again from here          |
    /// | b   | the preemption check answers yes, not before the first | made again from here          |
    /// | c   | it cannot be read                                      | `EFAULT`                      |
    ///
    /// | row | after the requests, or one that failed                 | outcome                       |
    /// |-----|--------------------------------------------------------|-------------------------------|
    /// | d   | one was preempted within                               | made again from it            |
    /// | e   | a table is left to be taken apart                      | made again, carrying the result |
    /// | f   | nothing is left                                        | the result                    |
    @Clause(
            value = "mm.mmu-update.batch",
            rows = {"a", "b", "c", "d", "e", "f"},
            covers = {"UPD-8", "CNT-1", "PA-5"})
    private static Outcome requests(
            Step start, MmuUpdateCall call, long before, Domid tables, Domid data) {
        long count = call.count().requests();
        long done = 0;
        Step at = start;
        while (at.ok() && done < count) {
            at = next(at, call.ureqs(), done, tables, data);
            done = at.ok() ? done + 1 : done;
        }
        Step counted = BatchCounts.after(at, call.pdone(), before + done);
        if (at.preempted()) {
            return Outcome.continuing(counted.row("mm.mmu-update.batch/d"), call.after(done, BITS));
        }
        if (UnfinishedTeardown.pending(at)) {
            return Outcome.continuing(
                    counted.row("mm.mmu-update.batch/e"),
                    MmuUpdateCall.carrying(BatchCounts.carried(at)));
        }
        return Outcome.returning(counted.row("mm.mmu-update.batch/f"));
    }

    private static Step next(Step at, GuestAddress list, long index, Domid tables, Domid data) {
        if (UnfinishedTeardown.pending(at)) {
            return at.ending(Result.PREEMPTED).row("mm.mmu-update.batch/a");
        }
        if (index > 0 && at.preemptionDue()) {
            return at.ending(Result.PREEMPTED).row("mm.mmu-update.batch/b");
        }
        Step checked = index > 0 ? at.checked() : at;
        int size = MmuUpdate.LAYOUT.size(BITS);
        Option<GuestBytes> bytes = checked.read(list.plus(index * size), size);
        if (bytes.isEmpty()) {
            return checked.refuse("mm.mmu-update.batch/c", EFAULT);
        }
        MmuUpdate request = MmuUpdate.fromBytes(bytes.get(), 0, BITS);
        return MmuUpdateRequest.one(checked, request, checked.domain(tables), data);
    }
}
