// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class StateLogTest {

    private static final int WIDTH = 23;
    private static final int RECORDS = 50_000;

    @TempDir private Path directory;

    @Test
    void recordsComeBackFromMemory() {
        try (StateLog log = new StateLog(WIDTH, null)) {
            assertTrue(log.growth(RECORDS) >= (long) RECORDS * (WIDTH + 1) * Long.BYTES);
            fill(log);
            assertEquals(0, log.growth(1));
            verify(log);
            assertFalse(log.holds(1));
        }
    }

    @Test
    void recordsComeBackFromAFile() {
        final Path file = directory.resolve("states.log");
        try (StateLog log = new StateLog(WIDTH, file)) {
            assertFalse(log.holds(1));
            assertEquals(0, log.growth(RECORDS));
            fill(log);
        }
        try (StateLog log = new StateLog(WIDTH, file)) {
            assertTrue(log.holds(RECORDS));
            assertFalse(log.holds(10 * RECORDS));
            log.extend(RECORDS);
            verify(log);
        }
    }

    private static void fill(final StateLog log) {
        final long[] words = new long[WIDTH + 2];
        for (int i = 0; i < RECORDS; i++) {
            log.extend(i + 1);
            for (int w = 0; w < WIDTH; w++) {
                words[w + 2] = (long) i << 32 | w;
            }
            log.write(i, words, 2, StateLog.NO_PARENT - i, -i);
        }
    }

    private static void verify(final StateLog log) {
        assertEquals(RECORDS, log.size());
        final long[] expected = new long[WIDTH];
        final long[] actual = new long[WIDTH];
        for (int i = 0; i < RECORDS; i++) {
            for (int w = 0; w < WIDTH; w++) {
                expected[w] = (long) i << 32 | w;
            }
            log.read(i, actual);
            assertArrayEquals(expected, actual);
            assertEquals(StateLog.NO_PARENT - i, log.parent(i));
            assertEquals(-i, log.action(i));
        }
    }
}
