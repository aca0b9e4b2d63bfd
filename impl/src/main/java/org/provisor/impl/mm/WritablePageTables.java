// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;

/// Writable page tables: a guest's kernel writes to a level 1 table that is mapped read-only, and
/// what the instruction would have done is done in its stead.
///
/// @xen xen/arch/x86/traps.c, fixup_page_fault
/// @xen xen/arch/x86/pv/ro-page-fault.c, ptwr_do_page_fault
public final class WritablePageTables {

    /// The write was done; the guest goes on after the instruction.
    public static final int EMULATED = 0;

    /// A compare-and-exchange found another value, [Vcpu#found]; the guest goes on.
    public static final int COMPARE_FAILED = 1;

    /// The guest gets the page fault.
    public static final int BOUNCED = 2;

    /// It has to do with a device, or compares more than eight bytes: not implemented.
    public static final int NOT_DONE = 3;

    /// The guest gets a page fault of a read, at [Vcpu#found]: no page is present there.
    public static final int READ_FAULT = 4;

    private WritablePageTables() {}

    /// Deals with a write of the guest's kernel that the processor refused although a page is
    /// present.
    ///
    /// @param cr2 the address at which it faulted
    /// @param linear where the write starts
    /// @param bytes how many bytes the instruction writes at once
    /// @param value what it writes, in the lowest bytes
    /// @param compares whether it writes only over `expected`
    @Refines("mm.ptwr")
    public static int write(
            final Vcpu by,
            final long cr2,
            final long linear,
            final int bytes,
            final long value,
            final boolean compares,
            final long expected) {
        final Domain caller = by.domain;
        if (!caller.hardware && !caller.assists(VmAssist.WRITABLE_PAGETABLES)) {
            return BOUNCED;
        }
        final long mapping = GuestWalk.effective(by, cr2);
        if ((mapping & (Pte.PRESENT | Pte.RW)) != Pte.PRESENT) {
            return BOUNCED;
        }
        final Host host = by.host;
        final long mfn = Pte.mfn(mapping);
        if (caller.hardware
                && mfn < host.readOnlyDevices.capacity()
                && host.readOnlyDevices.contains(mfn)) {
            return NOT_DONE;
        }
        if (!host.get(mfn, caller.id)) {
            return BOUNCED;
        }
        int outcome = BOUNCED;
        if (host.frames.lock(mfn)) {
            if (FrameTable.is(host.frames.type(mfn), PageType.L1)) {
                outcome = compares ? compared(by, linear, bytes, expected) : EMULATED;
                if (outcome == EMULATED) {
                    outcome =
                            fits(cr2, linear, bytes)
                                    ? table(by, mfn, linear, bytes, value, compares, expected)
                                    : BOUNCED;
                }
            }
            host.frames.unlock(mfn);
        }
        host.put(mfn);
        return outcome;
    }

    private static boolean fits(final long cr2, final long linear, final int bytes) {
        return bytes <= Long.BYTES
                && Integer.bitCount(bytes) == 1
                && (linear ^ cr2) >>> Addresses.PAGE_SHIFT == 0
                && (linear & bytes - 1) == 0;
    }

    /// Reads what a compare-and-exchange is about, and compares it.
    ///
    /// @return [#EMULATED] if it is as expected, and the write is still to be done
    @Refines({"mm.ptwr.exchange", "mm.emulated-read"})
    private static int compared(
            final Vcpu by, final long linear, final int bytes, final long expected) {
        if (bytes > Long.BYTES) {
            return NOT_DONE;
        }
        final Host host = by.host;
        long page = 0;
        long there = 0;
        for (int i = 0; i < bytes; i++) {
            final long at = linear + i;
            final long offset = at & Addresses.PAGE_OFFSET;
            if (i == 0 || offset == 0) {
                final long mapping = GuestWalk.effective(by, at);
                if ((mapping & Pte.PRESENT) == 0) {
                    by.found = at;
                    return READ_FAULT;
                }
                page = Pte.mfn(mapping);
                if (!host.frames.exists(page) || host.frames.owner(page) == DomainIds.IO) {
                    return NOT_DONE;
                }
            }
            final long word = host.memory.word((page << Addresses.PAGE_SHIFT) + (offset & ~7L));
            there |= ((word >>> ((offset & 7) * Byte.SIZE)) & 0xFF) << (i * Byte.SIZE);
        }
        by.found = there;
        final long part = -1L >>> (Long.SIZE - bytes * Byte.SIZE);
        return ((there ^ expected) & part) == 0 ? EMULATED : COMPARE_FAILED;
    }

    /// The comparison is made once more, in one step with the write: the processor of another vCPU
    /// may mark the entry as accessed until then.
    @Refines("mm.ptwr.table")
    private static int table(
            final Vcpu by,
            final long mfn,
            final long linear,
            final int bytes,
            final long value,
            final boolean compares,
            final long expected) {
        final Host host = by.host;
        final int slot = (int) (linear & Addresses.PAGE_OFFSET) >>> 3;
        final int shift = (int) (linear & 7) * Byte.SIZE;
        final long part = (-1L >>> (Long.SIZE - bytes * Byte.SIZE)) << shift;
        final long old = host.entry(mfn, slot);
        final long wanted = (old & ~part) | ((value << shift) & part);
        by.taken = wanted;
        if ((wanted & Pte.PRESENT) != 0
                && L1Entries.get(by, wanted, by.domain, by.domain.id) != 0) {
            return BOUNCED;
        }
        final long entry = EntryFlags.adjustedL1(by.taken);
        if (!compares) {
            L1Entries.put(by, host.exchangeEntry(mfn, slot, entry, false));
            return EMULATED;
        }
        final long compared = (old & ~part) | ((expected << shift) & part);
        if (host.replaceEntry(mfn, slot, compared, entry)) {
            L1Entries.put(by, compared);
            return EMULATED;
        }
        L1Entries.put(by, entry);
        by.found = (host.entry(mfn, slot) & part) >>> shift;
        return COMPARE_FAILED;
    }
}
