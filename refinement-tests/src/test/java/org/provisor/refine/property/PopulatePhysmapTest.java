// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.PopulatePhysmap`.
final class PopulatePhysmapTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.populate.extent")
    void populateExtent(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.populate.possible")
    void populatePossible(@ForAll long seed) {
        commutes(seed);
    }
}
