// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;

/// The tables that a vCPU starts with when another one initialises it.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
public final class InitialTables {

    private InitialTables() {}

    /// Takes the tables. A vCPU that does not get all of them has none.
    ///
    /// @param by who initialises it
    /// @param who has no tables yet, and does not run
    /// @param gdtFrames 14 of them
    /// @param userRoot 0 for none
    /// @return 0, or what the call answers
    public static int take(
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
        final int table = DescriptorTables.takeGdt(by, who, gdtFrames, gdtEntries);
        if (table != 0) {
            return table;
        }
        int held = root(by, root, true);
        if (held == 0 && userRoot != 0) {
            held = root(by, userRoot, false);
            if (held != 0) {
                Pinning.putRoot(by, who, root);
            }
        }
        if (held != 0) {
            DescriptorTables.destroyGdt(by, who);
            return held;
        }
        who.root = root;
        who.userRoot = userRoot == 0 ? Vcpu.NONE : userRoot;
        return 0;
    }

    private static int root(final Vcpu by, final long mfn, final boolean kernels) {
        final int held = PageTypes.getBoth(by, mfn, by.domain.id, PageType.L4, false, false);
        if (held == 0 && kernels != by.domain.assists(VmAssist.M2P_STRICT)) {
            GuestSlots.show(by.host, mfn, kernels);
        }
        return held;
    }

    /// Says where the local descriptor table is, which is mapped when it is used.
    ///
    /// @return 0, or `-EINVAL`
    public static int setLdt(final Vcpu who, final long base, final long entries) {
        if ((base & 0xFFF) != 0 || entries < 0 || entries > 8192) {
            return -EINVAL;
        }
        who.ldtBase = base;
        who.ldtEntries = (int) entries;
        return 0;
    }
}
