// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;

/// The caller's own page-table entry for an address, as the processor would find it from the
/// kernel's root; who may use the page does not matter.
///
/// @xen xen/arch/x86/pv/mm.c, map_guest_l1e
final class GuestWalk {

    private GuestWalk() {}

    /// The machine address of the level 1 entry for a linear address, or -1 where there is none.
    @Refines("mm.guest-walk.level-1")
    static long level1(final Vcpu by, final long linear) {
        long table = by.root;
        if (!Addresses.ofGuest(linear) || table == Vcpu.NONE) {
            return -1;
        }
        for (int level = 4; level > 1; level--) {
            final long entry = by.host.entry(table, Addresses.slot(linear, level));
            if ((entry & (Pte.PRESENT | Pte.PSE)) != Pte.PRESENT
                    || !by.host.frames.exists(Pte.mfn(entry))) {
                return -1;
            }
            table = Pte.mfn(entry);
        }
        return (table << Addresses.PAGE_SHIFT) + ((long) Addresses.slot(linear, 1) << 3);
    }

    /// The level 1 entry for a linear address, or the empty one.
    @Refines("mm.guest-walk.effective")
    static long effective(final Vcpu by, final long linear) {
        final long at = level1(by, linear);
        return at < 0 ? 0 : by.host.memory.word(at);
    }
}
