// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.DecreaseReservation`.
final class DecreaseReservationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.decrease.extent")
    void decreaseExtent(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.decrease.frame")
    void decreaseFrame(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.decrease.possible")
    void decreasePossible(@ForAll long seed) {
        commutes(seed);
    }
}
