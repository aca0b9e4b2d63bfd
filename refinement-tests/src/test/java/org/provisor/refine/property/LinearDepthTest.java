// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.LinearDepth`.
final class LinearDepthTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.linear-depth")
    void linearDepth(@ForAll long seed) {
        commutes(seed);
    }
}
