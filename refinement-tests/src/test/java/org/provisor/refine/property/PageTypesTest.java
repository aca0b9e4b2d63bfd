// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.PageTypes`.
final class PageTypesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.page-type.get")
    void pageTypeGet(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.page-type.put")
    void pageTypePut(@ForAll long seed) {
        commutes(seed);
    }
}
