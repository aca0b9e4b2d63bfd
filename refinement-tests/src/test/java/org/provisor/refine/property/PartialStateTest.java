// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.PartialState`.
final class PartialStateTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.partial-state")
    void partialState(@ForAll long seed) {
        commutes(seed);
    }
}
