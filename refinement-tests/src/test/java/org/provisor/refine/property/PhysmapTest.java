// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Physmap`.
final class PhysmapTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.physmap.add")
    void physmapAdd(@ForAll long seed) {
        commutes(seed);
    }
}
