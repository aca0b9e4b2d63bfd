// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.LdtMapping`.
final class LdtMappingTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.ldt.destroy")
    void ldtDestroy(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ldt.map")
    void ldtMap(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ldt.set")
    void ldtSet(@ForAll long seed) {
        commutes(seed);
    }
}
