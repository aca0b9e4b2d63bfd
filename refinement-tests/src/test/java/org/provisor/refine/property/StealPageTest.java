// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.StealPage`.
final class StealPageTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.steal-page")
    void stealPage(@ForAll long seed) {
        commutes(seed);
    }
}
