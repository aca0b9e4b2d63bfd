// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ERESTART;

import org.provisor.impl.Refines;

/// Gives a vCPU that does not run the tables that it starts with.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
public final class VcpuTables {

    private VcpuTables() {}

    /// Takes all of them. Where one is refused the global table is let go; what else there is of
    /// the attempt the vCPU keeps, as [#takeUserRoot] says.
    ///
    /// @param by who says so
    /// @param who is not initialised
    /// @param gdtFrames 14 of them
    /// @param gdtEntries 32 bits
    /// @param userRoot [Vcpu#NONE] for none
    /// @return 0, `-ERESTART`, or what the call answers
    @Refines("mm.vcpu.take-tables")
    public static int take(
            final Vcpu by,
            final Vcpu who,
            final long[] gdtFrames,
            final long gdtEntries,
            final long root,
            final long userRoot) {
        if (UnfinishedTeardown.finish(by, by) != 0) {
            return -ERESTART;
        }
        // Of an attempt at which user mode's root was refused.
        final long kept = who.root;
        who.root = Vcpu.NONE;
        if (Pinning.putRoot(by, who, kept) != 0) {
            return -ERESTART;
        }
        if (gdtEntries > DescriptorTables.MAX_ENTRIES) {
            return -EINVAL;
        }
        final int table = DescriptorTables.giveGdt(by, who, gdtFrames, (int) gdtEntries);
        if (table != 0) {
            return table;
        }
        int done = takeRoot(by, who, root);
        if (done == 0 && userRoot != Vcpu.NONE) {
            done = takeUserRoot(by, who, userRoot);
        }
        if (done != 0) {
            DescriptorTables.destroyGdt(by, who);
            return done;
        }
        by.host.clock.flush(1L << who.processor);
        return 0;
    }

    @Refines("mm.vcpu.take-root")
    private static int takeRoot(final Vcpu by, final Vcpu who, final long mfn) {
        final Host host = by.host;
        if (!host.get(mfn, by.domain.id)) {
            return -EINVAL;
        }
        if (who.oldTable == mfn && !who.oldPartial) {
            // It is what an attempt left, and is a root still.
            who.oldTable = Vcpu.NONE;
            host.put(mfn);
        } else {
            int done = UnfinishedTeardown.finish(by, who) == 0 ? 0 : -ERESTART;
            if (done == 0) {
                done = PageTypes.get(by, mfn, PageType.L4);
            }
            if (done != 0) {
                notTyped(by, mfn);
                return done;
            }
            if (!by.domain.assists(VmAssist.M2P_STRICT)) {
                GuestSlots.show(host, mfn, true);
            }
        }
        who.root = mfn;
        return 0;
    }

    /// Takes the root of user mode. Where it is refused the vCPU keeps that of its kernel; where
    /// that is preempted it has it unfinished.
    @Refines("mm.vcpu.take-user-root")
    private static int takeUserRoot(final Vcpu by, final Vcpu who, final long mfn) {
        if (!by.host.get(mfn, by.domain.id)) {
            return -EINVAL;
        }
        final int done = PageTypes.get(by, mfn, PageType.L4);
        if (done == 0) {
            if (by.domain.assists(VmAssist.M2P_STRICT)) {
                GuestSlots.show(by.host, mfn, false);
            }
            who.userRoot = mfn;
        } else if (done == -ERESTART) {
            final long root = who.root;
            who.root = Vcpu.NONE;
            who.leave(root, Vcpu.NONE, false);
            by.host.put(mfn);
        } else {
            notTyped(by, mfn);
        }
        return done;
    }

    /// A frame that is no root goes, unless the caller has to take it apart first.
    private static void notTyped(final Vcpu by, final long mfn) {
        if (by.oldTable != mfn) {
            by.host.put(mfn);
        }
    }
}
