// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ExchangeChunks`.
final class ExchangeChunksTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.exchange.chunks")
    void exchangeChunks(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("mm.exchange.count")
    void exchangeCount(@ForAll long seed) {
        commutes(seed);
    }
}
