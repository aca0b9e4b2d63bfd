// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.XenErrno;
import org.provisor.spec.notation.Result;

/// A call under way: the machine as changed so far, how the last rule ended, and what is owed.
///
/// Rules take a step that is going well and return it further on. A rule that asks another looks at
/// {@link #failed()} before it goes on. Lists are in reverse order while the call runs.
///
/// @param machine the machine as changed so far
/// @param by the vCPU that makes the call
/// @param guest what the guest offers
/// @param result how the last rule ended
/// @param patience how many more preemption checks answer no
/// @param allocations what the allocator will be seen to do
/// @param rows the rows that decided, as `clause/row`, the latest first
/// @param flushes what the caches of translations are owed, the latest first
/// @param stores changes to contents of frames, the latest first
/// @param replies values written into the caller's memory, the latest first
public record Step(
        Machine machine,
        VcpuId by,
        GuestView guest,
        Result result,
        int patience,
        List<Choices.Allocation> allocations,
        List<String> rows,
        List<Flush> flushes,
        List<Store> stores,
        List<Reply> replies) {

    /// The start of a call by a vCPU.
    public static Step start(Machine machine, VcpuId by, GuestView guest, Choices choices) {
        return new Step(
                machine,
                by,
                guest,
                Result.OK,
                choices.patience(),
                choices.allocations(),
                List.empty(),
                List.empty(),
                List.empty(),
                List.empty());
    }

    // Looking.

    public Profile profile() {
        return machine.profile();
    }

    /// Whether nothing has changed since the machine was `before`. May say no of equal machines; it
    /// is there to save a look.
    @SuppressWarnings("ReferenceEquality")
    public boolean sameMachine(Machine before) {
        return machine == before;
    }

    public Frame frame(Mfn mfn) {
        return machine.frame(mfn);
    }

    public Domain domain(Domid id) {
        return machine.domain(id);
    }

    /// The calling domain.
    public Domain caller() {
        return machine.domain(by.domain());
    }

    /// The calling vCPU.
    public Vcpu vcpu() {
        return machine.vcpu(by);
    }

    /// The words of a frame as they are now: what the guest offers, and what this step stored.
    public Contents offered(Mfn mfn) {
        return stores.isEmpty() ? guest.frame(mfn) : stored(mfn, stores);
    }

    private Contents stored(Mfn mfn, List<Store> latestFirst) {
        List<Store> later = List.empty();
        for (List<Store> left = latestFirst; !left.isEmpty(); left = left.tail()) {
            switch (left.head()) {
                case Store.Cleared(Mfn cleared) -> {
                    if (cleared.equals(mfn)) {
                        return with(Contents.zero(profile().slots()), later);
                    }
                }
                case Store.Copied(Mfn to, Mfn from) -> {
                    if (to.equals(mfn)) {
                        return with(stored(from, left.tail()), later);
                    }
                }
                case Store.Word word ->
                        later = word.mfn().equals(mfn) ? later.prepend(word) : later;
                case Store.XenSlots xen ->
                        later = xen.table().equals(mfn) ? later.prepend(xen) : later;
            }
        }
        return with(guest.frame(mfn), later);
    }

    private Contents with(Contents before, List<Store> inOrder) {
        Contents words = before;
        for (Store store : inOrder) {
            if (store instanceof Store.Word(_, int slot, long value)) {
                words = words.with(slot, value);
            } else if (store instanceof Store.XenSlots(_, boolean shown)) {
                for (int slot = profile().firstXenSlot(); slot <= profile().lastXenSlot(); slot++) {
                    words = words.with(slot, guest.xenSlot(slot, shown));
                }
            }
        }
        return words;
    }

    /// The bytes at a linear address of the caller as they are now: what the guest offers, and what
    /// this step replied. None where reading any of them faults.
    public Option<GuestBytes> read(GuestAddress linear, int bytes) {
        Option<GuestBytes> offered = guest.read(linear, bytes);
        List<Reply> there = replies.filter(reply -> reply.reaches(linear, bytes));
        if (there.isEmpty() || offered.isEmpty()) {
            return offered;
        }
        Bytes now = offered.get().slice(0, bytes);
        for (Reply reply : there.reverse()) {
            for (int i = 0; i < reply.bytes(); i++) {
                long at = reply.address().value() + i - linear.value();
                if (at >= 0 && at < bytes) {
                    now = now.with(at, 1, reply.value() >>> (8 * i) & 0xFF);
                }
            }
        }
        return Option.some(now);
    }

    public boolean ok() {
        return result instanceof Result.Ok;
    }

    public boolean failed() {
        return !(result instanceof Result.Ok);
    }

    public boolean preempted() {
        return result instanceof Result.Preempted;
    }

    /// Whether the last rule refused with this error.
    public boolean refusedWith(XenErrno why) {
        return result instanceof Result.Refused(XenErrno error) && error == why;
    }

    // Ending.

    /// The row of a clause that decides here. One that decides many times over, as for the entries
    /// of a table, stands there once.
    public Step row(String clauseAndRow) {
        if (!rows.isEmpty() && rows.head().equals(clauseAndRow)) {
            return this;
        }
        return new Step(
                machine,
                by,
                guest,
                result,
                patience,
                allocations,
                rows.prepend(clauseAndRow),
                flushes,
                stores,
                replies);
    }

    public Step ending(Result now) {
        return new Step(
                machine, by, guest, now, patience, allocations, rows, flushes, stores, replies);
    }

    /// Refused, by a row of a clause.
    public Step refuse(String clauseAndRow, XenErrno why) {
        return new Step(
                machine,
                by,
                guest,
                new Result.Refused(why),
                patience,
                allocations,
                rows.prepend(clauseAndRow),
                flushes,
                stores,
                replies);
    }

    /// Going well again, after a rule has dealt with what went wrong.
    public Step recovered() {
        return ending(Result.OK);
    }

    // Preemption.

    /// Whether a preemption check made here answers yes. It keeps answering yes until the call
    /// returns.
    public boolean preemptionDue() {
        return patience == 0;
    }

    /// Whether any preemption check may answer yes before the call returns.
    public boolean preemptible() {
        return patience != Integer.MAX_VALUE;
    }

    /// After a preemption check that answered no.
    public Step checked() {
        return preemptible()
                ? new Step(
                        machine,
                        by,
                        guest,
                        result,
                        patience - 1,
                        allocations,
                        rows,
                        flushes,
                        stores,
                        replies)
                : this;
    }

    // Allocation.

    /// What the allocator did next; none where nothing was observed.
    public Option<Choices.Allocation> nextAllocation() {
        return allocations.headOption();
    }

    public Step afterAllocation() {
        return new Step(
                machine,
                by,
                guest,
                result,
                patience,
                allocations.tail(),
                rows,
                flushes,
                stores,
                replies);
    }

    // Changing.

    public Step with(Machine now) {
        return new Step(
                now, by, guest, result, patience, allocations, rows, flushes, stores, replies);
    }

    public Step with(Mfn mfn, Frame frame) {
        return with(machine.with(mfn, frame));
    }

    public Step with(Domain domain) {
        return with(machine.with(domain));
    }

    /// The calling vCPU changed.
    public Step withVcpu(Vcpu vcpu) {
        return with(machine.with(by, vcpu));
    }

    /// A word of a frame changed: in the kept contents, if they are kept, and for the guest to see.
    public Step store(Mfn mfn, int slot, long word) {
        Frame frame = frame(mfn);
        Contents contents = frame.table().contents();
        Machine now = machine;
        if (contents.known()) {
            if (contents.word(slot) == word) {
                return this;
            }
            now =
                    machine.with(
                            mfn,
                            frame.withTable(frame.table().withContents(contents.with(slot, word))));
        }
        return new Step(
                now,
                by,
                guest,
                result,
                patience,
                allocations,
                rows,
                flushes,
                stores.prepend(new Store.Word(mfn, slot, word)),
                replies);
    }

    /// A change of contents other than of one word.
    public Step stored(Store store) {
        return new Step(
                machine,
                by,
                guest,
                result,
                patience,
                allocations,
                rows,
                flushes,
                stores.prepend(store),
                replies);
    }

    public Step flush(Flush flush) {
        return new Step(
                machine,
                by,
                guest,
                result,
                patience,
                allocations,
                rows,
                flushes.prepend(flush),
                stores,
                replies);
    }

    /// A value for the caller's memory.
    public Step reply(GuestAddress address, int bytes, long value) {
        return new Step(
                machine,
                by,
                guest,
                result,
                patience,
                allocations,
                rows,
                flushes,
                stores,
                replies.prepend(new Reply(address, bytes, value)));
    }
}
