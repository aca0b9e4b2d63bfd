// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// As much JSON as the manifest and the receipt need: objects, lists, texts, numbers, true and
/// false. Texts have no escapes but for quotes and backslashes.
public final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// Reads a value: `Map`, `List`, `String`, `Double` or `Boolean`.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.wrong("nothing more");
        }
        return value;
    }

    private Object value() {
        space();
        if (at == text.length()) {
            throw wrong("a value");
        }
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            case 't', 'f' -> bool();
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        for (boolean more = !taken('}'); more; more = !taken('}')) {
            if (!object.isEmpty()) {
                take(',');
            }
            space();
            String key = string();
            take(':');
            if (object.put(key, value()) != null) {
                throw wrong("another key than " + key);
            }
        }
        return object;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        at++;
        for (boolean more = !taken(']'); more; more = !taken(']')) {
            if (!list.isEmpty()) {
                take(',');
            }
            list.add(value());
        }
        return list;
    }

    private String string() {
        if (at == text.length() || text.charAt(at) != '"') {
            throw wrong("a text");
        }
        StringBuilder read = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0;
            if (at < text.length()) {
                read.append(text.charAt(at));
            }
        }
        take('"');
        return read.toString();
    }

    private Boolean bool() {
        boolean yes = text.startsWith("true", at);
        if (!yes && !text.startsWith("false", at)) {
            throw wrong("true or false");
        }
        at += yes ? 4 : 5;
        return yes;
    }

    private Double number() {
        int begin = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Double.valueOf(text.substring(begin, at));
        } catch (NumberFormatException e) {
            at = begin;
            throw wrong("a value");
        }
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean taken(char wanted) {
        space();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void take(char wanted) {
        if (!taken(wanted)) {
            throw wrong("'" + wanted + "'");
        }
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException("at " + at + " there should be " + wanted);
    }

    /// Writes a value, indented.
    public static String write(Object value) {
        StringBuilder written = new StringBuilder();
        write(value, "\n", written);
        return written.append('\n').toString();
    }

    private static void write(Object value, String line, StringBuilder to) {
        switch (value) {
            case Map<?, ?> object -> {
                String separator = "{";
                for (Map.Entry<?, ?> each : object.entrySet()) {
                    to.append(separator).append(line).append("  ");
                    write(each.getKey(), line, to);
                    to.append(": ");
                    write(each.getValue(), line + "  ", to);
                    separator = ",";
                }
                to.append(object.isEmpty() ? "{}" : line + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object each : list) {
                    to.append(separator).append(line).append("  ");
                    write(each, line + "  ", to);
                    separator = ",";
                }
                to.append(list.isEmpty() ? "[]" : line + "]");
            }
            case Number number -> to.append(number);
            case Boolean bool -> to.append(bool);
            default ->
                    to.append('"')
                            .append(value.toString().replace("\\", "\\\\").replace("\"", "\\\""))
                            .append('"');
        }
    }
}
