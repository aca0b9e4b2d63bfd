// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.BatchCounts`.
final class BatchCountsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.batch.done")
    void batchDone(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.batch.done-before")
    void batchDoneBefore(@ForAll long seed) {
        commutes(seed);
    }
}
