// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.Iret`.
final class IretTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.iret")
    void iret(@ForAll long seed) {
        commutes(seed);
    }
}
