// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.GuestAddresses`.
final class GuestAddressesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.guest-address")
    void guestAddress(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.guest-address.array")
    void guestAddressArray(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.guest-address.read")
    void guestAddressRead(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.guest-address.sub-range")
    void guestAddressSubRange(@ForAll long seed) {
        commutes(seed);
    }
}
