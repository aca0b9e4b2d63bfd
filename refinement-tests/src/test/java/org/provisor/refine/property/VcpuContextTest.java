// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.VcpuContext`.
final class VcpuContextTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.vcpu-op.context")
    void context(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.vcpu-op.entry")
    void entry(@ForAll long seed) {
        commutes(seed);
    }
}
