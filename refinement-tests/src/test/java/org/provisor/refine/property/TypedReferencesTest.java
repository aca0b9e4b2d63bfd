// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.TypedReferences`.
final class TypedReferencesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.page-type.get-with-reference")
    void pageTypeGetWithReference(@ForAll long seed) {
        commutes(seed);
    }
}
