// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ESRCH;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

/// `update_va_mapping`: changes the level 1 entry for an address of the caller, and flushes.
///
/// @xen xen/arch/x86/mm.c, __do_update_va_mapping
public final class UpdateVaMapping {

    private static final int FLUSH_TYPE = 3;
    private static final int TLB_FLUSH = 1;
    private static final int INVLPG = 2;

    private static final long LOCAL = 0;
    private static final long ALL = 1 << 2;

    private UpdateVaMapping() {}

    /// Maps a frame of the caller.
    public static long call(final Vcpu by, final long linear, final long entry, final long flags) {
        return update(by, linear, entry, flags, by.domain.id);
    }

    /// Maps a frame of a domain that the caller names.
    @Refines("mm.update-va-mapping.other-domain")
    public static long callOther(
            final Vcpu by, final long linear, final long entry, final long flags, final int named) {
        final int dataOwner = ForeignOwner.resolve(by, named);
        return dataOwner == ForeignOwner.NOBODY
                ? -ESRCH
                : update(by, linear, entry, flags, dataOwner);
    }

    @Refines("mm.update-va-mapping")
    private static int update(
            final Vcpu by,
            final long linear,
            final long entry,
            final long flags,
            final int dataOwner) {
        if (!by.domain.mayActOn(dataOwner)) {
            return -EPERM;
        }
        final long at = GuestWalk.level1(by, linear);
        if (at < 0) {
            return -EINVAL;
        }
        final FrameTable frames = by.host.frames;
        final long table = at >>> Addresses.PAGE_SHIFT;
        if (!by.host.get(table, by.domain.id)) {
            return -EINVAL;
        }
        int result = -EINVAL;
        if (frames.lock(table)) {
            if (FrameTable.is(frames.type(table), PageType.L1)) {
                final int slot = (int) (at & Addresses.PAGE_OFFSET) >>> 3;
                result = EntryUpdate.level1(by, table, slot, entry, false, by.domain, dataOwner);
            }
            frames.unlock(table);
        }
        by.host.put(table);
        return result == 0 ? flush(by, linear, flags) : result;
    }

    @Refines("mm.update-va-mapping.flush")
    private static int flush(final Vcpu by, final long linear, final long flags) {
        final int type = (int) flags & FLUSH_TYPE;
        if (type != TLB_FLUSH && type != INVLPG) {
            return 0;
        }
        final long where = flags & ~(long) FLUSH_TYPE;
        final long processors =
                where == LOCAL
                        ? 1L << by.processor
                        : where == ALL
                                ? by.domain.dirtyProcessors
                                : VcpuBitmap.processors(by, where);
        if (processors == VcpuBitmap.UNREADABLE) {
            return -EFAULT;
        }
        if (type == TLB_FLUSH) {
            by.host.clock.flush(processors);
        } else {
            by.host.clock.flushPage(processors, linear);
        }
        return 0;
    }
}
