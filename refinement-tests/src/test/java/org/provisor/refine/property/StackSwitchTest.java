// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.StackSwitch`.
final class StackSwitchTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.stack-switch")
    void stackSwitch(@ForAll long seed) {
        commutes(seed);
    }
}
