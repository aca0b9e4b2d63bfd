// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.ReferenceAlgebra`.
final class ReferenceAlgebraTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.reference-algebra")
    void referenceAlgebra(@ForAll long seed) {
        commutes(seed);
    }
}
