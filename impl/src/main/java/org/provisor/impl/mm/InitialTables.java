// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// The tables that a vCPU starts with when another one initialises it, one after another.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
public final class InitialTables {

    private InitialTables() {}

    /// Finishes what is unfinished of the vCPU that makes the call.
    ///
    /// @return 0, or what the call answers, as all of these
    public static int finish(final Vcpu by) {
        return UnfinishedTeardown.finish(by, by);
    }

    /// Gives a vCPU that has none a global descriptor table.
    ///
    /// @param frames as many as the entries need
    public static int giveGdt(
            final Vcpu by, final Vcpu who, final long[] frames, final int entries) {
        return DescriptorTables.giveGdt(by, who, frames, entries);
    }

    /// Gives a vCPU a root for its kernel.
    public static int giveRoot(final Vcpu by, final Vcpu who, final long mfn) {
        return BasePointers.kernel(by, who, mfn);
    }

    /// Gives a vCPU a root for user mode; 0 gives it none.
    public static int giveUserRoot(final Vcpu by, final Vcpu who, final long mfn) {
        return BasePointers.user(by, who, mfn);
    }

    /// Says where the local descriptor table is, which is mapped when it is used.
    public static void setLdt(final Vcpu who, final long base, final int entries) {
        who.ldtBase = base;
        who.ldtEntries = entries;
    }

    /// Takes away again what it was given.
    public static void drop(final Vcpu by, final Vcpu who) {
        Pinning.putRoot(by, who, who.root);
        who.root = Vcpu.NONE;
        DescriptorTables.destroyGdt(by, who);
    }
}
