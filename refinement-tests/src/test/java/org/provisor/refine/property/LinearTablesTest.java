// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.LinearTables`.
final class LinearTablesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.linear.get")
    void linearGet(@ForAll long seed) {
        commutes(seed);
    }
}
