// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.WholePages`.
final class WholePagesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.clear-page")
    void clearPage(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.copy-page")
    void copyPage(@ForAll long seed) {
        commutes(seed);
    }
}
