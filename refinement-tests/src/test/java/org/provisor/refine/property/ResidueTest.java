// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.Residue`.
final class ResidueTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.residue")
    void residue(@ForAll long seed) {
        commutes(seed);
    }
}
