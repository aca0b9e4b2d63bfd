// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MmuextOperation`.
final class MmuextOperationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.mmuext.operation")
    void mmuextOperation(@ForAll long seed) {
        commutes(seed);
    }
}
