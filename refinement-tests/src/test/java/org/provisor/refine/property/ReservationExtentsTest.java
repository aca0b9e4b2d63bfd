// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ReservationExtents`.
final class ReservationExtentsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.reservation.extents")
    void reservationExtents(@ForAll long seed) {
        commutes(seed);
    }
}
