// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `x86.LinearAddress`.
final class LinearAddressTest extends ClauseProperties {

    @ClauseProperty
    @Label("x86.canonical")
    void canonical(@ForAll long seed) {
        commutes(seed);
    }
}
