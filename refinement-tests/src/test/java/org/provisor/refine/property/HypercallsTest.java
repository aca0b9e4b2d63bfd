// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `hypercall.Hypercalls`.
final class HypercallsTest extends ClauseProperties {

    @ClauseProperty
    @Label("hypercall.dispatch")
    void dispatch(@ForAll long seed) {
        commutes(seed);
    }
}
