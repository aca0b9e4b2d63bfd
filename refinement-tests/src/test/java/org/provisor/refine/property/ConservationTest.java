// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.Conservation`.
final class ConservationTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.conservation")
    void conservation(@ForAll long seed) {
        commutes(seed);
    }
}
