// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.VcpuOp`.
final class VcpuOpTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.vcpu-op")
    void vcpuOp(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.vcpu-op.initialise")
    void initialise(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.vcpu-op.up")
    void up(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.vcpu-op.down")
    void down(@ForAll long seed) {
        commutes(seed);
    }
}
