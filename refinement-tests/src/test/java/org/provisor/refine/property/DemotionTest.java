// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Demotion`.
final class DemotionTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.demote")
    void demote(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.demote.l1")
    void demoteL1(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.demote.table")
    void demoteTable(@ForAll long seed) {
        commutes(seed);
    }
}
