// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MemoryQueries`.
final class MemoryQueriesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.memory-map.machine")
    void memoryMapMachine(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.query.domain")
    void queryDomain(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.query.ram")
    void queryRam(@ForAll long seed) {
        commutes(seed);
    }
}
