// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The texts of the models.
public final class Models {

    private Models() {}

    /// The text of a model, by the name of its file without the suffix.
    public static String text(String model) {
        return read(model + ".als");
    }

    static String read(String file) {
        try (InputStream in = Models.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no model " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
