// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.SetGdt`.
final class SetGdtTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.gdt.hold")
    void gdtHold(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.gdt.set")
    void gdtSet(@ForAll long seed) {
        commutes(seed);
    }
}
