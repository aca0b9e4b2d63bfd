// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.UnfinishedTeardown`.
final class UnfinishedTeardownTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.unfinished.finish")
    void unfinishedFinish(@ForAll long seed) {
        commutes(seed);
    }
}
