// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.mm.InitialTables;
import org.provisor.impl.mm.Vcpu;

import java.util.Arrays;

/// Gives a vCPU all tables that it starts with, or none.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuTables {

    private static final int MAX_GDT_ENTRIES = 7168;
    private static final int ENTRIES_PER_FRAME = 512;

    private VcpuTables() {}

    /// See [GuestCalls#takeTables].
    static int take(
            final Vcpu by,
            final Vcpu who,
            final long[] gdtFrames,
            final long gdtEntries,
            final long root,
            final long userRoot) {
        final int unfinished = InitialTables.finish(by);
        if (unfinished != 0) {
            return unfinished;
        }
        if (gdtEntries < 0 || gdtEntries > MAX_GDT_ENTRIES) {
            return -EINVAL;
        }
        final int entries = (int) gdtEntries;
        final long[] frames =
                Arrays.copyOf(gdtFrames, (entries + ENTRIES_PER_FRAME - 1) / ENTRIES_PER_FRAME);
        final int table = InitialTables.giveGdt(by, who, frames, entries);
        if (table != 0) {
            return table;
        }
        int done = InitialTables.giveRoot(by, who, root);
        if (done == 0) {
            done = InitialTables.giveUserRoot(by, who, userRoot);
        }
        if (done != 0) {
            InitialTables.drop(by, who);
        }
        return done;
    }
}
