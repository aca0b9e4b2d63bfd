// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.GuestSlots`.
final class GuestSlotsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.slot.guest")
    void slotGuest(@ForAll long seed) {
        commutes(seed);
    }
}
