// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.ExchangeChunk`.
final class ExchangeChunkTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.exchange.chunk")
    void exchangeChunk(@ForAll long seed) {
        commutes(seed);
    }
}
