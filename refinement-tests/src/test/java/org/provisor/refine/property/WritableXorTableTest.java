// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `invariant.WritableXorTable`.
final class WritableXorTableTest extends ClauseProperties {

    @ClauseProperty
    @Label("invariant.writable-xor-table")
    void writableXorTable(@ForAll long seed) {
        commutes(seed);
    }
}
