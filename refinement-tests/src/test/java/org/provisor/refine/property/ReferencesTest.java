// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.References`.
final class ReferencesTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.ref.get")
    void refGet(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ref.put")
    void refPut(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.ref.release")
    void refRelease(@ForAll long seed) {
        commutes(seed);
    }
}
