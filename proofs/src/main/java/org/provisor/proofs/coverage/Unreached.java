// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Rows that neither examples nor exploration are expected to reach, each with the reason.
final class Unreached {

    private Unreached() {}

    /// The rows that are listed with the program.
    static Map<String, String> listed() {
        try (InputStream in = Unreached.class.getResourceAsStream("unreached.txt")) {
            if (in == null) {
                throw new IllegalStateException("unreached.txt is missing");
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads lines of a row and a reason, with blank space between them. Empty lines and those that
    /// begin with `#` say nothing.
    static Map<String, String> of(final String text) {
        final Map<String, String> reasons = new TreeMap<>();
        for (final String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            final String[] parts = line.split("\\s+", 2);
            if (parts.length < 2) {
                throw new IllegalStateException("unreached.txt gives no reason: " + line);
            }
            if (reasons.put(parts[0], parts[1]) != null) {
                throw new IllegalStateException("unreached.txt lists twice: " + parts[0]);
            }
        }
        return reasons;
    }
}
