// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;

/// The page table that a vCPU has let go of and not yet taken apart. There is at most one, and each
/// call that works on page tables finishes it first.
///
/// An entry of a table of its own level may have led to it. That table is remembered without a
/// reference: until both counts of such entries are put right, whoever lets the table go does it.
///
/// @xen xen/arch/x86/mm.c, put_old_guest_table
public final class UnfinishedTeardown {

    private UnfinishedTeardown() {}

    /// Finishes what a vCPU has left, on behalf of the calling one.
    @Refines("mm.unfinished.finish")
    public static int finish(final Vcpu by, final Vcpu who) {
        final long table = who.oldTable;
        if (table == Vcpu.NONE) {
            return 0;
        }
        final boolean partial = who.oldPartial;
        if (who.oldContainer != Vcpu.NONE) {
            synchronized (by.host.containers) {
                dropLinear(by, who);
                who.oldPartial = true;
            }
        }
        final int result = PageTypes.put(by, table, partial, Vcpu.NONE);
        if (result != 0) {
            who.oldPartial = true;
            return result;
        }
        if (who.oldContainer != Vcpu.NONE) {
            synchronized (by.host.containers) {
                forgetContainer(by, who);
            }
        }
        who.oldPartial = false;
        who.oldTable = Vcpu.NONE;
        by.host.put(table);
        return 0;
    }

    private static void dropLinear(final Vcpu by, final Vcpu who) {
        final FrameTable frames = by.host.frames;
        final long container = who.oldContainer;
        if (container != Vcpu.NONE
                && !who.oldPartial
                && FrameTable.typeOf(frames.type(container))
                        == FrameTable.typeOf(frames.type(who.oldTable))) {
            LinearTables.drop(by, who.oldTable, container);
        }
    }

    private static void forgetContainer(final Vcpu by, final Vcpu who) {
        if (who.oldContainer != Vcpu.NONE) {
            who.oldContainer = Vcpu.NONE;
            by.host.tablesWithContainer.decrementAndGet();
        }
    }

    /// A table that the caller has to itself is let go: what was taken out of it forgets it.
    @Refines("mm.page-type.put")
    static void forget(final Vcpu by, final long container) {
        if (by.host.tablesWithContainer.get() == 0) {
            return;
        }
        synchronized (by.host.containers) {
            for (int id = 0; id <= by.host.highestDomain(); id++) {
                final Domain domain = by.host.domain(id);
                if (domain == null) {
                    continue;
                }
                for (final Vcpu vcpu : domain.vcpus) {
                    if (vcpu.oldContainer == container) {
                        dropLinear(by, vcpu);
                        forgetContainer(by, vcpu);
                    }
                }
            }
        }
    }
}
