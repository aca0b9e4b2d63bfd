// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// Times are those at which lines come; what is wrong in them is found.
final class BenchLogTest {

    private int told;
    private final BenchLog log = new BenchLog("it", BenchKernel.beginning("sieve"), () -> told++);

    private void say(long nanos, String line) {
        log.line(line, nanos);
    }

    @Test
    void aBatchTakesFromItsBeginToItsEnd() {
        say(1, "Xen said this");
        say(2, "bench: begin");
        say(5, "bench: end");
        say(6, "bench: batch nothing 0 0 17 0 0");
        say(10, "bench: kernel sieve");
        say(100, "bench: begin");
        say(350, "bench: end");
        say(999, "bench: batch sieve 2 65536 240 6542 0");
        assertFalse(log.done());
        say(1000, "bench: done");
        assertTrue(log.done());
        log.check();
        assertEquals(List.of(new Batch("sieve", 131072, 250, 240)), log.batches());
        assertEquals(List.of(3L), log.nothing());
        assertEquals(1, told);
    }

    @Test
    void reasonsAreKept() {
        say(1, "bench: kernel sieve");
        say(2, "bench: cannot its instructions are invalid");
        assertEquals(Map.of("sieve", "its instructions are invalid"), log.reasons());
    }

    private void wrong(String message, String line) {
        say(1, line);
        assertTrue(log.done());
        say(2, "bench: done");
        BenchFailedException failed = assertThrows(BenchFailedException.class, log::check);
        assertEquals(message, failed.getMessage());
        assertEquals(List.of(line, "bench: done"), failed.console());
        assertEquals(List.of(), log.batches());
    }

    @Test
    void aWrongResult() {
        wrong(
                "it came to a wrong result in sieve: 6543, 0 units were wrong; it must be 6542",
                "bench: batch sieve 2 65536 240 6543 0");
    }

    @Test
    void unitsThatDiffer() {
        wrong(
                "it came to a wrong result in sieve: 6542, 1 units were wrong; it must be 6542",
                "bench: batch sieve 2 65536 240 6542 1");
    }

    @Test
    void anotherKernel() {
        wrong(
                "it ran a kernel that it was not told to: sort",
                "bench: batch sort 2 65536 240 6542 0");
    }

    @Test
    void notNumbers() {
        wrong(
                "it says what cannot be read: batch sieve 2 x 240 6542 0",
                "bench: batch sieve 2 x 240 6542 0");
    }

    @Test
    void tooFewNumbers() {
        wrong("it says what cannot be read: batch sieve 2", "bench: batch sieve 2");
    }

    @Test
    void aGuestThatFailed() {
        wrong("it says that it failed: trap 13 0 4096", "bench: failed trap 13 0 4096");
    }
}
