// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Allocator`.
final class AllocatorTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.allocate")
    void allocate(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.allocate.given")
    void allocateGiven(@ForAll long seed) {
        commutes(seed);
    }
}
