// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MmuUpdateRequest`.
final class MmuUpdateRequestTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.mmu-update.entry")
    void mmuUpdateEntry(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.mmu-update.machphys")
    void mmuUpdateMachphys(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.mmu-update.request")
    void mmuUpdateRequest(@ForAll long seed) {
        commutes(seed);
    }
}
