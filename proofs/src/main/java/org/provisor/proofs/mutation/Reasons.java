// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.provisor.proofs.seeded.SeededException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Names that are listed, each with the reason.
///
/// ```
/// # A comment.
/// A reason, on as many lines
/// as it needs.
///   PageTypes.get/never-6 PageTypes.get/more-3
///   Pinning.pin/reorder-1
/// ```
public final class Reasons {

    private Reasons() {}

    /// Branches that go one way only.
    static Map<String, String> oneWay() {
        return shipped(Reasons.class, "one-way.txt");
    }

    /// What a file lists that is shipped beside a class: reasons by name.
    ///
    /// @throws SeededException if the text is not as it should be
    public static Map<String, String> shipped(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return of(file, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a text lists: reasons by name.
    ///
    /// @param file what the text is called in messages
    /// @throws SeededException if the text is not as it should be
    static Map<String, String> of(String file, String text) {
        Map<String, String> reasons = new TreeMap<>();
        StringBuilder reason = new StringBuilder();
        boolean listed = false;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (!line.startsWith(" ")) {
                if (listed) {
                    reason.setLength(0);
                    listed = false;
                }
                reason.append(reason.isEmpty() ? "" : " ").append(line.strip());
                continue;
            }
            if (reason.isEmpty()) {
                throw new SeededException(file + ": line " + number + ": no reason is given");
            }
            listed = true;
            for (String id : line.strip().split("\\s+")) {
                if (reasons.put(id, reason.toString()) != null) {
                    throw new SeededException(
                            file + ": line " + number + ": " + id + " is listed twice");
                }
            }
        }
        return reasons;
    }
}
