// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.VcpuBitmap`.
final class VcpuBitmapTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.vcpu-bitmap")
    void vcpuBitmap(@ForAll long seed) {
        commutes(seed);
    }
}
