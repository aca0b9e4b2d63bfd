// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Reservation`.
final class ReservationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.reservation")
    void reservation(@ForAll long seed) {
        commutes(seed);
    }
}
