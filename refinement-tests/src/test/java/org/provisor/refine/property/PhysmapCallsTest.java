// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.PhysmapCalls`.
final class PhysmapCallsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.physmap.add-batch")
    void physmapAddBatch(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.physmap.add-one")
    void physmapAddOne(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.physmap.remove")
    void physmapRemove(@ForAll long seed) {
        commutes(seed);
    }
}
