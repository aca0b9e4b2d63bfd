// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.SetSegmentBase`.
final class SetSegmentBaseTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.set-segment-base")
    void setSegmentBase(@ForAll long seed) {
        commutes(seed);
    }
}
