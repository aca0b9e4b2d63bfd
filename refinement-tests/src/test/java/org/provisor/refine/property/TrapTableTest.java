// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.TrapTable`.
final class TrapTableTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.set-trap-table")
    void setTrapTable(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.set-trap-table.entry")
    void setTrapTableEntry(@ForAll long seed) {
        commutes(seed);
    }
}
