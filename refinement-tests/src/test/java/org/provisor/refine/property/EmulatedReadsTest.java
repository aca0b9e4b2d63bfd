// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `mm.EmulatedReads`.
final class EmulatedReadsTest extends ClauseProperties {

    @ClauseProperty
    @Label("mm.emulated-read")
    void read(@ForAll long seed) {
        commutes(seed);
    }
}
