// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Says how far a long command has come, without getting into anybody's log.
///
/// On a terminal it is one line that is written over itself, at most ten times a second, and
/// removed when closed. Elsewhere it is a plain line every thirty seconds.
public final class ProgressLine implements AutoCloseable {

    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 30_000_000_000L;
    private static final int COLUMNS = 79;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;

    private long next;
    private int shown;

    /// @param terminal whether `out` is a terminal
    /// @param nanos a clock that never goes back
    public ProgressLine(PrintStream out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        this.next = nanos.getAsLong() + (terminal ? 0 : PLAIN_NANOS);
    }

    /// Progress on standard error. The launcher says whether that is a terminal, because Java can
    /// tell it of standard input and output only.
    public static ProgressLine onStandardError() {
        return new ProgressLine(
                System.err, Boolean.getBoolean("provisor.stderr.terminal"), System::nanoTime);
    }

    /// Shows `text` if it is time to; otherwise `text` is not even built.
    public synchronized void show(Supplier<String> text) {
        long now = nanos.getAsLong();
        if (now - next < 0) {
            return;
        }
        if (terminal) {
            next = now + TERMINAL_NANOS;
            overwrite(text.get());
        } else {
            next = now + PLAIN_NANOS;
            out.println(text.get());
        }
    }

    /// Removes the line, so that what is printed next starts in an empty one.
    @Override
    public synchronized void close() {
        if (shown > 0) {
            overwrite("");
            out.print('\r');
            out.flush();
        }
    }

    private void overwrite(String text) {
        String line = text.length() > COLUMNS ? text.substring(0, COLUMNS) : text;
        out.print('\r' + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }
}
