// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.WritablePageTables`.
final class WritablePageTablesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.ptwr")
    void ptwr(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ptwr.table")
    void ptwrTable(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ptwr.exchange")
    void ptwrExchange(@ForAll long seed) {
        commutes(seed);
    }
}
