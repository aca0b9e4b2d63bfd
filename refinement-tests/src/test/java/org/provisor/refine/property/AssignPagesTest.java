// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.AssignPages`.
final class AssignPagesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.assign")
    void assign(@ForAll long seed) {
        commutes(seed);
    }
}
