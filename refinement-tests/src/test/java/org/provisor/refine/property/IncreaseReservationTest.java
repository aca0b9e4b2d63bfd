// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.IncreaseReservation`.
final class IncreaseReservationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.increase.extent")
    void increaseExtent(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.increase.possible")
    void increasePossible(@ForAll long seed) {
        commutes(seed);
    }
}
