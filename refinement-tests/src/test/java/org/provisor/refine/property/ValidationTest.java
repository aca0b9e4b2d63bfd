// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Validation`.
final class ValidationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.validate")
    void validate(@ForAll long seed) {
        commutes(seed);
    }
}
