// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MemoryOp`.
final class MemoryOpTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.memory-op")
    void memoryOp(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.memory-op.domain")
    void memoryOpDomain(@ForAll long seed) {
        commutes(seed);
    }
}
