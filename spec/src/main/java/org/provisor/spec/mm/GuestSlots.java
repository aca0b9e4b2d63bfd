// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Step;

/// Which slots of a table are the guest's.
///
/// @xen xen/arch/x86/include/asm/x86_64/page.h, is_guest_l2_slot, is_guest_l4_slot
public final class GuestSlots {

    /// First slot that is Xen's of a 32-bit guest's level 2 table with Xen's mappings: the table
    /// maps the last of four gigabytes, and Xen's part starts at 0xF5800000.
    static final int FIRST_XEN_L2_SLOT_32_BIT = 0x1AC;

    private GuestSlots() {}

    /// Whether a slot is the guest's.
    ///
    /// | level | of a 64-bit guest             | of a 32-bit guest                               |
    /// |-------|-------------------------------|-------------------------------------------------|
    /// | 1     | all                           | all                                             |
    /// | 2     | all                           | those below Xen's, in the table that has them   |
    /// | 3     | all                           | the first four                                  |
    /// | 4     | all but those of the profile (256 to 271) | the first: the table is Xen's       |
    @Clause(
            value = "mm.slot.guest",
            covers = {"L2-2", "L3-2", "L4-1"})
    static boolean isGuest(Step at, Mfn mfn, int level, int slot, Domain owner) {
        return switch (level) {
            case 2 -> !at.frame(mfn).use().xenL2() || slot < FIRST_XEN_L2_SLOT_32_BIT;
            case 4 -> owner.bits32() ? slot == 0 : !at.profile().isXenSlot(slot);
            default -> true;
        };
    }

    /// One past the last slot that means anything.
    static int end(Profile profile, int level, Domain owner) {
        return level == 3 && owner.bits32() ? 4 : profile.slots();
    }

    /// Whether a slot must lead to a table that carries Xen's mappings.
    static boolean leadsToXenL2(int level, int slot, Domain owner) {
        return level == 3 && slot == TableEntries.XEN_L3_SLOT_32_BIT && owner.bits32();
    }
}
