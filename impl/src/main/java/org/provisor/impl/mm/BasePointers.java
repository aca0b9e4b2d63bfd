// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;

/// The roots that a vCPU runs on, one for its kernel and one for user mode.
///
/// @xen xen/arch/x86/mm.c, new_guest_cr3; do_mmuext_op, MMUEXT_NEW_USER_BASEPTR
public final class BasePointers {

    private BasePointers() {}

    /// Gives a vCPU a root for its kernel, in place of the one that it may have.
    ///
    /// @param by who says so
    /// @param who whose root it is to be
    /// @return 0, or why the frame cannot be held
    @Refines("mm.root.kernel")
    public static int kernel(final Vcpu by, final Vcpu who, final long mfn) {
        final long old = who.root;
        if (old == mfn && old != Vcpu.NONE) {
            by.host.clock.flush(1L << who.processor);
            return 0;
        }
        final int held = PageTypes.getBoth(by, mfn, by.domain.id, PageType.L4, false, false);
        if (held != 0) {
            return held;
        }
        LdtMapping.unmap(by, who);
        if (!by.domain.assists(VmAssist.M2P_STRICT)) {
            GuestSlots.show(by.host, mfn, true);
        }
        who.root = mfn;
        by.host.clock.flush(1L << who.processor);
        return Pinning.putRoot(by, who, old);
    }

    /// Gives a vCPU a root for user mode, 0 for none.
    ///
    /// @param by who says so
    /// @param who whose root it is to be
    /// @return 0, or why the frame cannot be held
    @Refines("mm.root.user")
    public static int user(final Vcpu by, final Vcpu who, final long mfn) {
        final long old = who.userRoot;
        if (mfn == 0 ? old == Vcpu.NONE : old == mfn && old != Vcpu.NONE) {
            return 0;
        }
        if (mfn != 0) {
            final int held = PageTypes.getBoth(by, mfn, by.domain.id, PageType.L4, false, false);
            if (held != 0) {
                return held;
            }
            if (by.domain.assists(VmAssist.M2P_STRICT)) {
                GuestSlots.show(by.host, mfn, false);
            }
        }
        who.userRoot = mfn == 0 ? Vcpu.NONE : mfn;
        return Pinning.putRoot(by, who, old);
    }
}
