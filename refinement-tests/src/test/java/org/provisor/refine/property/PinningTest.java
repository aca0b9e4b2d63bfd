// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Pinning`.
final class PinningTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.pin")
    void pin(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.root.put")
    void rootPut(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.unpin")
    void unpin(@ForAll long seed) {
        commutes(seed);
    }
}
