// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.L1Validation`.
final class L1ValidationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.validate.l1")
    void validateL1(@ForAll long seed) {
        commutes(seed);
    }
}
