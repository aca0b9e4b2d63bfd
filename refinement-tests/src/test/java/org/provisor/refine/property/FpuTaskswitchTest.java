// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.FpuTaskswitch`.
final class FpuTaskswitchTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.fpu-taskswitch")
    void fpuTaskswitch(@ForAll long seed) {
        commutes(seed);
    }
}
