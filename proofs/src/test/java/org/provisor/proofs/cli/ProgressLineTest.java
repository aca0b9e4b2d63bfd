// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

final class ProgressLineTest {

    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Starts close to where a nanosecond clock wraps around.
    private long now = Long.MAX_VALUE - SECOND;

    @Test
    void aTerminalLineIsWrittenOverAndRemoved() {
        try (ProgressLine line = onTerminal(true)) {
            line.show(() -> "12345 states");
            now += SECOND;
            line.show(() -> "done");
        }
        assertEquals("\r12345 states" + "\rdone        " + "\r    \r", printed());
    }

    @Test
    void aTerminalLineIsNotShownTooOften() {
        ProgressLine line = onTerminal(true);
        line.show(() -> "a");
        now += SECOND / 10 - 1;
        line.show(() -> fail("too early"));
        now += 1;
        line.show(() -> "b");
        assertEquals("\ra\rb", printed());
    }

    @Test
    void aTerminalLineIsCutToTheWidth() {
        onTerminal(true).show(() -> "x".repeat(200));
        assertEquals("\r" + "x".repeat(79), printed());
    }

    @Test
    void elsewhereAPlainLineIsPrintedEveryThirtySeconds() {
        try (ProgressLine line = onTerminal(false)) {
            line.show(() -> fail("too early"));
            now += 30 * SECOND;
            line.show(() -> "half");
            now += 30 * SECOND - 1;
            line.show(() -> fail("too early"));
        }
        assertEquals("half" + System.lineSeparator(), printed());
    }

    @Test
    void nothingShownLeavesNothing() {
        onTerminal(true).close();
        assertEquals("", printed());
    }

    private ProgressLine onTerminal(boolean terminal) {
        return new ProgressLine(new PrintStream(bytes, true, UTF_8), terminal, () -> now);
    }

    private String printed() {
        return bytes.toString(UTF_8);
    }
}
