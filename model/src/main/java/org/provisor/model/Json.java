// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;

/// JSON, as the manifest is written in and what was run is kept in.
public final class Json {

    private static final Gson GSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .setStrictness(Strictness.STRICT)
                    .create();

    private Json() {}

    /// Reads a value: `Map`, `List`, `String`, `Double` or `Boolean`.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Object read(String text) {
        try {
            Object value = GSON.fromJson(text, Object.class);
            if (value == null) {
                throw new IllegalArgumentException("there is no value");
            }
            return value;
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// Writes a value, indented; keys in the order of their map.
    public static String write(Object value) {
        return GSON.toJson(value) + "\n";
    }
}
