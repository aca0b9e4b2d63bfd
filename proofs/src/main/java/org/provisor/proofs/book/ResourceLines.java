// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The lines of a text that the book is made of.
final class ResourceLines {

    private ResourceLines() {}

    /// Those that are neither blank nor a comment.
    ///
    /// @throws IllegalStateException if there is no such text
    static List<String> of(String file) {
        try (InputStream in = ResourceLines.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(each -> !each.isBlank() && !each.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
