// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.VcpuRoots`.
final class VcpuRootsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.vcpu.drop-roots")
    void vcpuDropRoots(@ForAll long seed) {
        commutes(seed);
    }
}
