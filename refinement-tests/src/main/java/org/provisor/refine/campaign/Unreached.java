// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/// Rows that no campaign is expected to reach, each with the reason.
public final class Unreached {

    private static final String FILE = "unreached.txt";

    private Unreached() {}

    /// The rows that are listed with the program: `clause/row` to reason.
    public static SortedMap<String, String> listed() {
        try (InputStream in = Unreached.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing");
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, String> of(String text) {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            if (parts.length < 2 || reasons.put(parts[0], parts[1]) != null) {
                throw new IllegalStateException(FILE + ": no reason, or twice: " + line);
            }
        }
        return reasons;
    }
}
