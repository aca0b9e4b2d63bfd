// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;

import java.util.Arrays;

/// `set_gdt` and `update_descriptor`.
///
/// @xen xen/arch/x86/pv/descriptor-tables.c
public final class DescriptorTables {

    /// The most descriptors that are the guest's.
    static final int MAX_ENTRIES = 7168;

    private static final int ENTRIES_PER_FRAME = 512;

    private DescriptorTables() {}

    /// `set_gdt`: gives the calling vCPU a global descriptor table.
    ///
    /// @param entries 32 bits
    @Refines("mm.gdt.set")
    public static long setGdt(final Vcpu by, final long list, final long entries) {
        if (entries > MAX_ENTRIES) {
            return -EINVAL;
        }
        final int count = (int) (entries + ENTRIES_PER_FRAME - 1) / ENTRIES_PER_FRAME;
        if (count > 0
                && (!Addresses.ofGuest(list)
                        || !by.guest.read(list, by.batch, count * Long.BYTES))) {
            return -EFAULT;
        }
        final int given = giveGdt(by, by, by.batch, (int) entries);
        if (given == 0) {
            by.host.clock.flush(1L << by.processor);
        }
        return given;
    }

    /// Gives a vCPU a global descriptor table, in place of the one that it may have. Its processor
    /// is to be flushed before it runs on.
    ///
    /// @param frames at least as many as the entries need
    /// @param entries at most as many as are the guest's
    /// @return 0, or `-EINVAL`
    public static int giveGdt(
            final Vcpu by, final Vcpu who, final long[] frames, final int entries) {
        final int count = (entries + ENTRIES_PER_FRAME - 1) / ENTRIES_PER_FRAME;
        if (!held(by, frames, count)) {
            return -EINVAL;
        }
        destroyGdt(by, who);
        System.arraycopy(frames, 0, who.gdtFrames, 0, count);
        who.gdtEntries = entries;
        return 0;
    }

    @Refines("mm.gdt.hold")
    private static boolean held(final Vcpu by, final long[] frames, final int count) {
        for (int i = 0; i < count; i++) {
            final long mfn = frames[i];
            boolean done = by.host.get(mfn, by.domain.id);
            if (done && PageTypes.get(by, mfn, PageType.SEGMENT_DESCRIPTORS) != 0) {
                by.host.put(mfn);
                done = false;
            }
            if (!done) {
                for (int before = i - 1; before >= 0; before--) {
                    PageTypes.putBoth(by, frames[before]);
                }
                return false;
            }
        }
        return true;
    }

    /// Takes a vCPU's global descriptor table away.
    @Refines("mm.gdt.destroy")
    public static void destroyGdt(final Vcpu by, final Vcpu who) {
        who.gdtEntries = 0;
        for (final long mfn : who.gdtFrames) {
            if (mfn != Vcpu.NONE) {
                PageTypes.putBoth(by, mfn);
            }
        }
        Arrays.fill(who.gdtFrames, Vcpu.NONE);
    }

    /// `update_descriptor`: changes one descriptor.
    @Refines("mm.descriptor.update")
    public static long update(final Vcpu by, final long address, final long descriptor) {
        if ((address & 7) != 0 || !Descriptors.harmless(descriptor)) {
            return -EINVAL;
        }
        final Host host = by.host;
        final long mfn = address >>> Addresses.PAGE_SHIFT;
        if (!host.get(mfn, by.domain.id)) {
            return -EINVAL;
        }
        final int slot = (int) (address & Addresses.PAGE_OFFSET) >>> 3;
        final boolean table = FrameTable.is(host.frames.type(mfn), PageType.SEGMENT_DESCRIPTORS);
        int result =
                PageTypes.get(by, mfn, table ? PageType.SEGMENT_DESCRIPTORS : PageType.WRITABLE);
        if (result == 0) {
            host.setEntry(mfn, slot, Descriptors.corrected(descriptor));
            PageTypes.put(by, mfn);
        } else {
            result = -EINVAL;
        }
        host.put(mfn);
        return result;
    }
}
