// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.DescriptorValidation`.
final class DescriptorValidationTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.validate.descriptors")
    void validateDescriptors(@ForAll long seed) {
        commutes(seed);
    }
}
