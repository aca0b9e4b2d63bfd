// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.UpdateVaMapping`.
final class UpdateVaMappingTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.update-va-mapping")
    void updateVaMapping(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.update-va-mapping.flush")
    void updateVaMappingFlush(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.update-va-mapping.other-domain")
    void updateVaMappingOtherDomain(@ForAll long seed) {
        commutes(seed);
    }
}
