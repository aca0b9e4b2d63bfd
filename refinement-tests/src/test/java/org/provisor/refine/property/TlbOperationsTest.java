// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.TlbOperations`.
final class TlbOperationsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.cache.flush")
    void cacheFlush(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.tlb.flush")
    void tlbFlush(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.tlb.invalidate-page")
    void tlbInvalidatePage(@ForAll long seed) {
        commutes(seed);
    }
}
