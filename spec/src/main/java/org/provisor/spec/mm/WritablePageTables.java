// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.x86.Pte;

/// Writable page tables: a guest's kernel writes to a level 1 table that is mapped read-only, and
/// Xen, to whom the fault goes, does in its stead what the instruction would have done.
///
/// Only level 1 tables can be written so. For the others, and for what is not done here, the guest
/// gets the page fault.
///
/// @xen xen/arch/x86/traps.c, fixup_page_fault
/// @xen xen/arch/x86/pv/ro-page-fault.c, ptwr_do_page_fault, ptwr_emulated_update
public final class WritablePageTables {

    private WritablePageTables() {}

    /// A write by the guest's kernel that the processor refused although a page is present: W and P
    /// of the error code are set, RSVD is not. Other faults, and those of user mode, go to the
    /// guest without a look at them.
    ///
    /// @param cr2 the address at which it faulted
    /// @param address where the write starts
    /// @param bytes how many bytes the instruction writes at once
    /// @param value what it writes, in the lowest bytes
    /// @param expected for a compare-and-exchange: what must be there, in the lowest bytes
    public record GuestWrite(
            GuestAddress cr2, GuestAddress address, int bytes, long value, Option<Long> expected) {}

    /// What came of a write.
    public sealed interface Handled {

        Step step();

        /// It was done; the guest goes on after the instruction.
        record Emulated(Step step) implements Handled {}

        /// It was a compare-and-exchange that found this value there; the guest goes on.
        record CompareFailed(Step step, long found) implements Handled {}

        /// It was a compare-and-exchange that could not read what is here: the guest gets a page
        /// fault for that.
        record ReadFault(Step step, GuestAddress address) implements Handled {}

        /// It was not done; the guest gets the page fault.
        record Bounced(Step step) implements Handled {}

        /// Nothing is specified of that.
        record NotSpecified(Step step, String reason) implements Handled {}
    }

    /// Deals with a write.
    ///
    /// | row | the write                                                      | outcome           |
    /// |-----|----------------------------------------------------------------|-------------------|
    /// | a   | is by a domain without the assist, not the hardware domain     | bounced           |
    /// | b   | is at an address whose entry is not present, or writable       | bounced           |
    /// | c   | is by the hardware domain, to a device that no guest may write | not specified     |
    /// | d   | is to a frame that is not the caller's                         | bounced           |
    /// | e   | is to a frame that cannot be locked                            | bounced           |
    /// | f   | is to a frame that is not a level 1 table                      | bounced           |
    /// | g | is to a level 1 table | as {@link #exchange} or {@link #table} says |
    ///
    /// The hardware domain's writes are done without the assist too. Row b: a page that an entry of
    /// a higher level makes read-only does not count, nor does a fault that would not happen again.
    @Clause(
            value = "mm.ptwr",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"PTWR-1", "PTWR-2"})
    public static Handled write(Step at, GuestWrite write) {
        Domain caller = at.caller();
        if (!caller.assists(VmAssistType.WRITABLE_PAGETABLES) && !caller.hardware()) {
            return new Handled.Bounced(at.row("mm.ptwr/a"));
        }
        GuestWalk.Seen seen = GuestWalk.effective(at, write.cr2());
        if (!seen.entry().present() || seen.entry().writable()) {
            return new Handled.Bounced(seen.step().row("mm.ptwr/b"));
        }
        Mfn mfn = seen.entry().mfn();
        if (caller.hardware() && at.profile().readOnlyMmio().contains(mfn)) {
            return new Handled.NotSpecified(
                    seen.step().row("mm.ptwr/c"), "writes to read-only devices");
        }
        Step held = References.get(seen.step(), mfn, caller.id());
        if (held.failed()) {
            return new Handled.Bounced(held.recovered().row("mm.ptwr/d"));
        }
        if (!PageLock.possible(held.frame(mfn))) {
            return new Handled.Bounced(References.put(held.row("mm.ptwr/e"), mfn));
        }
        if (held.frame(mfn).use().type() != PageType.L1) {
            return new Handled.Bounced(References.put(held.row("mm.ptwr/f"), mfn));
        }
        Step table = held.row("mm.ptwr/g");
        return write.expected().isDefined()
                ? exchange(table, mfn, write, write.expected().get())
                : table(table, mfn, write);
    }

    /// Deals with a compare-and-exchange: what is there is read and compared before anything else.
    ///
    /// | row | the bytes that it is about                         | outcome                        |
    /// |-----|----------------------------------------------------|--------------------------------|
    /// | a   | cannot all be read                                 | a read fault at the first      |
    /// | b   | are more than eight, or lie in part in a device    | not specified                  |
    /// | c   | are not as expected                                | that; nothing else is looked at |
    /// | d   | are as expected                                    | as {@link #table} says         |
    ///
    /// The read fault is Xen's own: its error code says that a page is not present.
    ///
    /// @xen xen/arch/x86/x86_emulate/x86_emulate.c, cmpxchg
    @Clause(
            value = "mm.ptwr.exchange",
            rows = {"a", "b", "c", "d"},
            covers = {"PTWR-1"})
    private static Handled exchange(Step start, Mfn mfn, GuestWrite write, long expected) {
        if (write.bytes() > Long.BYTES) {
            return new Handled.NotSpecified(
                    References.put(start.row("mm.ptwr.exchange/b"), mfn), "exchanges of 16 bytes");
        }
        EmulatedReads.Read read = EmulatedReads.read(start, write.address(), write.bytes());
        Step at = read.step();
        return switch (read) {
            case EmulatedReads.Read.Fault(_, var address) ->
                    new Handled.ReadFault(
                            References.put(at.row("mm.ptwr.exchange/a"), mfn), address);
            case EmulatedReads.Read.OfDevice _ ->
                    new Handled.NotSpecified(
                            References.put(at.row("mm.ptwr.exchange/b"), mfn), "reads of devices");
            case EmulatedReads.Read.Value(_, long found) ->
                    ((found ^ expected) & mask(write)) == 0
                            ? table(at.row("mm.ptwr.exchange/d"), mfn, write)
                            : new Handled.CompareFailed(
                                    References.put(at.row("mm.ptwr.exchange/c"), mfn), found);
        };
    }

    /// Deals with a write to a level 1 table on which the caller holds a reference, and drops that.
    ///
    /// | row | the write                                                            | outcome     |
    /// |-----|----------------------------------------------------------------------|-------------|
    /// | a   | is not of 1, 2, 4 or 8 bytes                                         | bounced     |
    /// | b   | starts in another page than it faulted in                            | bounced     |
    /// | c   | does not start at a multiple of its size                             | bounced     |
    /// | d   | makes a present entry that cannot be held, see {@link L1Entries#get} | bounced     |
    /// | e   | is any other                                                         | stored; the old entry is let go |
    ///
    /// A write of less than an entry changes the entry, the other bytes staying. What the new entry
    /// holds is taken even where nothing of it changes. The entry is stored as {@link
    /// EntryFlags#adjusted} says; so the guest's next compare may find other flags than it wrote.
    @Clause(
            value = "mm.ptwr.table",
            rows = {"a", "b", "c", "d", "e"},
            covers = {"PTWR-1", "UPD-5", "L1-10"})
    private static Handled table(Step at, Mfn mfn, GuestWrite write) {
        long start = write.address().value();
        if (write.bytes() > Long.BYTES || Integer.bitCount(write.bytes()) != 1) {
            return new Handled.Bounced(References.put(at.row("mm.ptwr.table/a"), mfn));
        }
        if ((start ^ write.cr2().value()) >>> PageFrames.PAGE_SHIFT != 0) {
            return new Handled.Bounced(References.put(at.row("mm.ptwr.table/b"), mfn));
        }
        if (start % write.bytes() != 0) {
            return new Handled.Bounced(References.put(at.row("mm.ptwr.table/c"), mfn));
        }
        Domain caller = at.caller();
        int slot = (int) (start & (PageFrames.PAGE_SIZE - 1)) / Long.BYTES;
        Pte old = at.frame(mfn).table().contents().entry(slot);
        Pte wanted = new Pte(merged(old.bits(), write, write.value()));
        L1Entries.Taken taken =
                wanted.present()
                        ? L1Entries.get(at, wanted, caller, caller.id())
                        : new L1Entries.Taken(at, wanted);
        if (taken.step().failed()) {
            Step refused = taken.step().recovered().row("mm.ptwr.table/d");
            return new Handled.Bounced(References.put(refused, mfn));
        }
        Pte entry = EntryFlags.adjusted(1, taken.entry(), caller);
        Step stored = taken.step().store(mfn, slot, entry.bits()).row("mm.ptwr.table/e");
        return new Handled.Emulated(References.put(L1Entries.put(stored, old, caller), mfn));
    }

    /// The entry with the bytes that the write is about replaced.
    private static long merged(long old, GuestWrite write, long value) {
        long hole = mask(write) << shift(write);
        return (old & ~hole) | ((value & mask(write)) << shift(write));
    }

    private static int shift(GuestWrite write) {
        return (int) (write.address().value() & (Long.BYTES - 1)) * Byte.SIZE;
    }

    private static long mask(GuestWrite write) {
        return -1L >>> ((Long.BYTES - write.bytes()) * Byte.SIZE);
    }
}
