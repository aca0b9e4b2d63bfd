// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.BasePointers`.
final class BasePointersTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.root.kernel")
    void rootKernel(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.root.show-m2p")
    void rootShowM2p(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.root.user")
    void rootUser(@ForAll long seed) {
        commutes(seed);
    }
}
