// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ExtentList`.
final class ExtentListTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.extent-list.write")
    void extentListWrite(@ForAll long seed) {
        commutes(seed);
    }
}
