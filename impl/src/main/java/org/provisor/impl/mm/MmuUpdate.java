// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.bits.Addresses;

/// `mmu_update`: changes entries of page tables, words of plain memory, or the machine-to-physical
/// table.
///
/// @xen xen/arch/x86/mm.c, do_mmu_update
public final class MmuUpdate {

    private static final int REQUEST_BYTES = 16;

    private static final int NORMAL = 0;
    private static final int MACHPHYS = 1;
    private static final int PRESERVE_AD = 2;
    private static final int NO_TRANSLATE = 3;

    private static final long COMMAND = 7;

    private MmuUpdate() {}

    /// The call.
    ///
    /// @param count 32 bits
    /// @param foreign 32 bits: whose frames, and above them whose tables
    @Refines("mm.mmu-update")
    public static long call(
            final Vcpu by, final long list, final long count, final long done, final long foreign) {
        if (UnfinishedTeardown.finish(by, by) != 0) {
            return by.again(HypercallNumbers.MMU_UPDATE, list, count, done, foreign);
        }
        if (Batch.carriesResult(list, count)) {
            return (int) foreign;
        }
        final long before = Batch.before(by, count, done);
        if (!Batch.listOk(list)) {
            return -EFAULT;
        }
        final int tables = (int) (foreign >>> 16);
        final Domain tableOwner = tables == 0 ? by.domain : by.host.domain(tables - 1);
        if (tableOwner == null) {
            return -ESRCH;
        }
        if (tableOwner != by.domain && tableOwner.vcpus.length == 0) {
            Batch.count(by, done, before);
            return -EINVAL;
        }
        final int dataOwner = ForeignOwner.resolve(by, (int) foreign & 0xFFFF);
        if (dataOwner == ForeignOwner.NOBODY) {
            Batch.count(by, done, before);
            return -ESRCH;
        }
        return requests(by, list, count, done, foreign, before, tableOwner, dataOwner);
    }

    @Refines("mm.mmu-update.batch")
    private static long requests(
            final Vcpu by,
            final long list,
            final long count,
            final long done,
            final long foreign,
            final long before,
            final Domain tableOwner,
            final int dataOwner) {
        final long requests = Batch.requests(count);
        final long[] words = by.words;
        int result = 0;
        long index = 0;
        by.flushTables = false;
        while (index < requests) {
            if (by.oldTable != Vcpu.NONE || (index > 0 && by.preemption.due())) {
                result = -ERESTART;
                break;
            }
            if (!by.guest.read(list + index * REQUEST_BYTES, words, REQUEST_BYTES)) {
                result = -EFAULT;
                break;
            }
            result = request(by, words[0], words[1], tableOwner, dataOwner);
            if (result != 0) {
                break;
            }
            index++;
        }
        if (by.flushTables) {
            by.host.clock.flush(tableOwner.dirtyProcessors);
        }
        Batch.count(by, done, before + index);
        if (result == -ERESTART) {
            return by.again(
                    HypercallNumbers.MMU_UPDATE,
                    list + index * REQUEST_BYTES,
                    requests - index | Batch.PREEMPTED,
                    done,
                    foreign);
        }
        return by.oldTable == Vcpu.NONE
                ? result
                : by.again(
                        HypercallNumbers.MMU_UPDATE, 0, Batch.PREEMPTED, 0, result & 0xFFFF_FFFFL);
    }

    @Refines("mm.mmu-update.request")
    private static int request(
            final Vcpu by,
            final long pointer,
            final long value,
            final Domain tableOwner,
            final int dataOwner) {
        return switch ((int) (pointer & COMMAND)) {
            case NORMAL, NO_TRANSLATE -> entry(by, pointer, value, false, tableOwner, dataOwner);
            case PRESERVE_AD -> entry(by, pointer & ~COMMAND, value, true, tableOwner, dataOwner);
            case MACHPHYS -> machineToPhysical(by, pointer, value, tableOwner, dataOwner);
            default -> -ENOSYS;
        };
    }

    @Refines("mm.mmu-update.entry")
    private static int entry(
            final Vcpu by,
            final long pointer,
            final long value,
            final boolean keepAccessed,
            final Domain tableOwner,
            final int dataOwner) {
        final Domain caller = by.domain;
        if ((dataOwner != DomainIds.IO && !caller.mayActOn(dataOwner))
                || !caller.mayActOn(tableOwner.id)) {
            return -EPERM;
        }
        final Host host = by.host;
        final long mfn = pointer >>> Addresses.PAGE_SHIFT;
        if (!host.get(mfn, tableOwner)) {
            return -EINVAL;
        }
        final int slot = (int) (pointer & Addresses.PAGE_OFFSET) >>> 3;
        final int result;
        if (host.frames.lock(mfn)) {
            result = locked(by, mfn, slot, value, keepAccessed, tableOwner, dataOwner);
            host.frames.unlock(mfn);
        } else {
            result = PageTypes.get(by, mfn, PageType.WRITABLE);
            if (result == 0) {
                host.setEntry(mfn, slot, value);
                PageTypes.put(by, mfn);
            }
        }
        host.put(mfn);
        return result;
    }

    private static int locked(
            final Vcpu by,
            final long mfn,
            final int slot,
            final long value,
            final boolean keepAccessed,
            final Domain tableOwner,
            final int dataOwner) {
        final int type = FrameTable.typeOf(by.host.frames.type(mfn));
        if (type == PageType.L1) {
            return EntryUpdate.level1(by, mfn, slot, value, keepAccessed, tableOwner, dataOwner);
        }
        if (type == PageType.WRITABLE) {
            by.host.setEntry(mfn, slot, value);
            return 0;
        }
        if (!PageType.isTable(type) || dataOwner != tableOwner.id) {
            return -EINVAL;
        }
        final int result = EntryUpdate.table(by, mfn, type, slot, value, keepAccessed, tableOwner);
        if (result == 0) {
            by.flushTables = true;
        }
        return result;
    }

    @Refines("mm.mmu-update.machphys")
    private static int machineToPhysical(
            final Vcpu by,
            final long pointer,
            final long value,
            final Domain tableOwner,
            final int dataOwner) {
        if (tableOwner != by.domain
                || (dataOwner != DomainIds.IO && !by.domain.mayActOn(dataOwner))) {
            return -EPERM;
        }
        final long mfn = pointer >>> Addresses.PAGE_SHIFT;
        if (!by.host.get(mfn, dataOwner)) {
            return -EINVAL;
        }
        by.host.setMachineToPhysical(mfn, value);
        by.host.put(mfn);
        return 0;
    }
}
