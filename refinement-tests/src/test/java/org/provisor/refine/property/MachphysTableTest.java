// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.MachphysTable`.
final class MachphysTableTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.machphys.compat-frames")
    void machphysCompatFrames(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.machphys.frames")
    void machphysFrames(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.machphys.mapping")
    void machphysMapping(@ForAll long seed) {
        commutes(seed);
    }
}
