// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.paging;

import static org.junit.jupiter.api.Assertions.assertNull;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

final class WalksTest {

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void asSpecified(@ForAll final long seed) {
        assertNull(new Walks().apply(seed));
    }
}
