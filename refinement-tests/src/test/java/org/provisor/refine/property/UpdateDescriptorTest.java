// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.UpdateDescriptor`.
final class UpdateDescriptorTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.descriptor.update")
    void descriptorUpdate(@ForAll long seed) {
        commutes(seed);
    }
}
