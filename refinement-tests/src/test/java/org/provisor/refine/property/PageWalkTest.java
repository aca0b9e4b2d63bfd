// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `x86.PageWalk`.
final class PageWalkTest extends ClauseProperties {

    @ClauseProperty
    @Label("x86.walk")
    void walk(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("x86.walk.accessed-dirty")
    void walkAccessedDirty(@ForAll long seed) {
        commutes(seed);
    }
}
