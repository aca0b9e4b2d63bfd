// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.EntryUpdate`.
final class EntryUpdateTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.entry.update-l1")
    void entryUpdateL1(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.update-table")
    void entryUpdateTable(@ForAll long seed) {
        commutes(seed);
    }
}
