// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.DescriptorTables`.
final class DescriptorTablesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.gdt.destroy")
    void gdtDestroy(@ForAll long seed) {
        commutes(seed);
    }
}
