// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ForeignOwner`.
final class ForeignOwnerTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.foreign-owner")
    void foreignOwner(@ForAll long seed) {
        commutes(seed);
    }
}
