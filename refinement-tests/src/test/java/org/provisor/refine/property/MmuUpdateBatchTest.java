// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MmuUpdateBatch`.
final class MmuUpdateBatchTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.mmu-update")
    void mmuUpdate(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.mmu-update.batch")
    void mmuUpdateBatch(@ForAll long seed) {
        commutes(seed);
    }
}
