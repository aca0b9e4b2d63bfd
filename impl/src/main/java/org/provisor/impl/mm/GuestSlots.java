// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.Refines;

/// Which slots of a 64-bit guest's tables are the guest's: all, but for 256 to 271 of a root.
///
/// @xen xen/arch/x86/include/asm/x86_64/page.h, is_guest_l4_slot
final class GuestSlots {

    static final int FIRST_OF_XEN = 256;
    static final int LAST_OF_XEN = 271;

    private GuestSlots() {}

    @Refines("mm.slot.guest")
    static boolean isGuest(final int level, final int slot) {
        return level != PageType.L4 || slot < FIRST_OF_XEN || slot > LAST_OF_XEN;
    }

    /// Writes Xen's slots of a root. Nothing of Xen but the machine-to-physical table is in the
    /// guest's address space.
    static void writeXens(final Host host, final long root, final boolean shown) {
        host.setEntry(root, FIRST_OF_XEN, shown ? host.machineToPhysicalEntry() : 0);
        for (int slot = FIRST_OF_XEN + 1; slot <= LAST_OF_XEN; slot++) {
            host.setEntry(root, slot, 0);
        }
    }

    /// Shows the machine-to-physical table in slot 256 of a root, or hides it.
    @Refines("mm.root.show-m2p")
    static void show(final Host host, final long root, final boolean shown) {
        host.setEntry(root, FIRST_OF_XEN, shown ? host.machineToPhysicalEntry() : 0);
    }
}
