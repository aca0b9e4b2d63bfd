// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.Exchange`.
final class ExchangeTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.exchange")
    void exchange(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.exchange.fit")
    void exchangeFit(@ForAll long seed) {
        commutes(seed);
    }
}
