// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MemoryMaps`.
final class MemoryMapsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.memory-map.get")
    void memoryMapGet(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.memory-map.set")
    void memoryMapSet(@ForAll long seed) {
        commutes(seed);
    }
}
