// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.Bounce`.
final class BounceTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.bounce")
    void bounce(@ForAll long seed) {
        commutes(seed);
    }
}
