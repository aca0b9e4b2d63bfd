// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Calls whose caller loses the page that they write to.
final class LostPagesTest {

    @Test
    void whatWasWrittenIsWhatIsWrittenFirst() {
        assertEquals(List.of(), LostPages.wrong());
    }
}
