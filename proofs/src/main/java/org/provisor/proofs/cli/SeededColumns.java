// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.provisor.proofs.seeded.SeededError;

import java.util.List;
import java.util.Locale;

/// How errors are lined up.
final class SeededColumns {

    private SeededColumns() {}

    /// Room for the name of each error.
    static int width(List<SeededError> errors) {
        return errors.stream().mapToInt(error -> error.name().length()).max().orElse(0) + 2;
    }

    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /// A time in seconds.
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }

    static String errors(int count) {
        return count + (count == 1 ? " error:" : " errors:");
    }
}
