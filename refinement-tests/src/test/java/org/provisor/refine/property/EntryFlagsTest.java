// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.EntryFlags`.
final class EntryFlagsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.entry.adjust")
    void entryAdjust(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.allowed-flags")
    void entryAllowedFlags(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.free-to-change")
    void entryFreeToChange(@ForAll long seed) {
        commutes(seed);
    }
}
