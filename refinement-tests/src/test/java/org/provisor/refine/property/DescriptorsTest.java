// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Descriptors`.
final class DescriptorsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.descriptor.check")
    void descriptorCheck(@ForAll long seed) {
        commutes(seed);
    }
}
