// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.TableEntries`.
final class TableEntriesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.entry.defer-table")
    void entryDeferTable(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.get-table")
    void entryGetTable(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.get-xen-l2")
    void entryGetXenL2(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.put-table")
    void entryPutTable(@ForAll long seed) {
        commutes(seed);
    }
}
