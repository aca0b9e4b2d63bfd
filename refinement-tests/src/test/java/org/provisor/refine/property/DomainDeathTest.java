// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.DomainDeath`.
final class DomainDeathTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.domain.destroy")
    void domainDestroy(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.domain.relinquish")
    void domainRelinquish(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.domain.relinquish-frames")
    void domainRelinquishFrames(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.domain.relinquish-vcpus")
    void domainRelinquishVcpus(@ForAll long seed) {
        commutes(seed);
    }
}
