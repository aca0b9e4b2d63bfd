// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// Texts that are shipped with the program.
final class Texts {

    private Texts() {}

    /// All of a text.
    static String all(String name) {
        try (InputStream in = Texts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its lines, without empty ones and comments.
    static Stream<String> lines(String name) {
        return all(name).lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
    }
}
