// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MemoryLimits`.
final class MemoryLimitsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.limits.bits")
    void limitsBits(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.limits.machine-bits")
    void limitsMachineBits(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.limits.max-order")
    void limitsMaxOrder(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.limits.node")
    void limitsNode(@ForAll long seed) {
        commutes(seed);
    }
}
