// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.EntryMask`.
final class EntryMaskTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.entry-mask")
    void entryMask(@ForAll long seed) {
        commutes(seed);
    }
}
