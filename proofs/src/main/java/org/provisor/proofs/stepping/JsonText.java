// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.stepping;

/// JSON, written as it comes; for a browser, where the libraries for it do not run.
final class JsonText {

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    JsonText open() {
        return begin('{');
    }

    JsonText openList() {
        return begin('[');
    }

    JsonText closeList() {
        text.append(']');
        first = false;
        return this;
    }

    /// Ends an object.
    ///
    /// @return all text so far
    String close() {
        text.append('}');
        first = false;
        return text.toString();
    }

    JsonText name(String name) {
        comma();
        quoted(name);
        text.append(':');
        first = true;
        return this;
    }

    JsonText field(String name, String value) {
        name(name).value(value);
        return this;
    }

    JsonText field(String name, long value) {
        return name(name).plain(Long.toString(value));
    }

    JsonText field(String name, boolean value) {
        return name(name).plain(Boolean.toString(value));
    }

    void value(String value) {
        comma();
        quoted(value);
    }

    /// Values that are JSON already, with what is between them.
    JsonText written(CharSequence values) {
        text.append(values);
        first = values.isEmpty();
        return this;
    }

    private JsonText plain(String value) {
        comma();
        text.append(value);
        return this;
    }

    private JsonText begin(char bracket) {
        comma();
        text.append(bracket);
        first = true;
        return this;
    }

    private void comma() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private void quoted(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        text.append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
