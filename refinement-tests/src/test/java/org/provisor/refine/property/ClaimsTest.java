// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Claims`.
final class ClaimsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.claim")
    void claim(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.claim.leaves")
    void claimLeaves(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.claim.stake")
    void claimStake(@ForAll long seed) {
        commutes(seed);
    }
}
