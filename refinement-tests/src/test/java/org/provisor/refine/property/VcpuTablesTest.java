// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.VcpuTables`.
final class VcpuTablesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.vcpu.take-tables")
    void takeTables(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.vcpu.take-root")
    void takeRoot(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.vcpu.take-user-root")
    void takeUserRoot(@ForAll long seed) {
        commutes(seed);
    }
}
