// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.L1Entries`.
final class L1EntriesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.entry.get-device")
    void entryGetDevice(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.get-frame")
    void entryGetFrame(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.entry.put-frame")
    void entryPutFrame(@ForAll long seed) {
        commutes(seed);
    }
}
