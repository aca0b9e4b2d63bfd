// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ExchangeEnd`.
final class ExchangeEndTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.exchange.given")
    void exchangeGiven(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.exchange.lost")
    void exchangeLost(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.exchange.undo")
    void exchangeUndo(@ForAll long seed) {
        commutes(seed);
    }
}
