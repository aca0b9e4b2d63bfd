// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.ThreadLocalRandom;

/// The translator does what the interpreter does.
final class RegionFuzzTest {

    @Test
    void agree() {
        final long seed = ThreadLocalRandom.current().nextLong();
        final RegionFuzzResult result = new RegionFuzz().seed(seed).regions(2_000).run();
        System.out.print("RegionFuzzTest: " + result.text());
        final StringBuilder text = new StringBuilder();
        result.differences().forEach(difference -> text.append(difference.text()).append('\n'));
        assertEquals("", text.toString(), "seed 0x" + Long.toHexString(seed));
        assertTrue(result.translated() > 500, "hardly anything was translated");
        assertTrue(result.instructions() > 20_000, "hardly anything was carried out");
    }

    @Test
    void aSeedRepeats() {
        final RegionFuzzResult once = new RegionFuzz().seed(5).regions(200).run();
        final RegionFuzzResult again = new RegionFuzz().seed(5).regions(200).run();
        assertEquals(200, once.regions());
        assertEquals(once.instructions(), again.instructions());
        assertEquals(once.translated(), again.translated());
    }

    @Test
    void jobs() {
        assertThrows(IllegalArgumentException.class, () -> new RegionFuzz().jobs(0));
    }
}
