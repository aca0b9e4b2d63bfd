// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MmuextBatch`.
final class MmuextBatchTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.mmuext")
    void mmuext(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.mmuext.batch")
    void mmuextBatch(@ForAll long seed) {
        commutes(seed);
    }
}
