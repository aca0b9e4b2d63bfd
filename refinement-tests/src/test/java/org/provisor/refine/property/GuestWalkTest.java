// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.GuestWalk`.
final class GuestWalkTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.guest-walk.effective")
    void guestWalkEffective(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.guest-walk.level-1")
    void guestWalkLevel1(@ForAll long seed) {
        commutes(seed);
    }
}
