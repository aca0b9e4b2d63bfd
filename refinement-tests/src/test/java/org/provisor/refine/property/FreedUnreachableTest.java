// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.FreedUnreachable`.
final class FreedUnreachableTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.freed-unreachable")
    void freedUnreachable(@ForAll long seed) {
        commutes(seed);
    }
}
