// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.mm.BasePointers;
import org.provisor.impl.mm.DescriptorTables;
import org.provisor.impl.mm.DomainDeath;
import org.provisor.impl.mm.UnfinishedTeardown;
import org.provisor.impl.mm.Vcpu;

/// Gives a vCPU all tables that it starts with, or none.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuTables {

    private static final int MAX_GDT_ENTRIES = 7168;

    private VcpuTables() {}

    /// See [GuestCalls#takeTables].
    static int take(
            final Vcpu by,
            final Vcpu who,
            final long[] gdtFrames,
            final long gdtEntries,
            final long root,
            final long userRoot) {
        final int unfinished = UnfinishedTeardown.finish(by, by);
        if (unfinished != 0) {
            return unfinished;
        }
        if (gdtEntries < 0 || gdtEntries > MAX_GDT_ENTRIES) {
            return -EINVAL;
        }
        final int entries = (int) gdtEntries;
        final int table = DescriptorTables.giveGdt(by, who, gdtFrames, entries);
        if (table != 0) {
            return table;
        }
        int done = BasePointers.kernel(by, who, root);
        if (done == 0) {
            done = BasePointers.user(by, who, userRoot);
        }
        if (done != 0) {
            DomainDeath.dropRoots(by, who);
            DescriptorTables.destroyGdt(by, who);
        }
        return done;
    }
}
