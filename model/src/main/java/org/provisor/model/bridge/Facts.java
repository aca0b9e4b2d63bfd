// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a model says of a state or a call: the tuples of each of its fields, without the state or
/// the call itself. Two are equal if they say the same.
///
/// Frames are called `F0`, `F1` and so on, slots and vCPUs likewise; what there is one of is called
/// as in the model.
///
/// @param fields tuples by the name of the field; a field without tuples is left out
record Facts(Map<String, Set<List<String>>> fields) {

    /// Collects tuples.
    static final class Builder {

        private final Map<String, Set<List<String>>> fields = new HashMap<>();

        Builder add(String field, String... tuple) {
            return add(field, List.of(tuple));
        }

        Builder add(String field, List<String> tuple) {
            fields.computeIfAbsent(field, _ -> new HashSet<>()).add(tuple);
            return this;
        }

        Builder addAll(Facts facts) {
            facts.fields.forEach((field, tuples) -> tuples.forEach(tuple -> add(field, tuple)));
            return this;
        }

        Facts build() {
            return new Facts(Map.copyOf(fields));
        }
    }

    /// The tuples of a field.
    Set<List<String>> all(String field) {
        return fields.getOrDefault(field, Set.of());
    }

    /// Whether a field has this tuple.
    boolean has(String field, String... tuple) {
        return all(field).contains(List.of(tuple));
    }

    /// The members of a set.
    Set<String> set(String field) {
        Set<String> members = new TreeSet<>();
        all(field).forEach(tuple -> members.add(tuple.getFirst()));
        return members;
    }

    /// What a function says of `key`, or `otherwise`.
    String of(String field, String key, String otherwise) {
        for (List<String> tuple : all(field)) {
            if (tuple.size() == 2 && tuple.getFirst().equals(key)) {
                return tuple.get(1);
            }
        }
        return otherwise;
    }

    /// The one member of a set, or `otherwise` if it is empty.
    String one(String field, String otherwise) {
        Set<List<String>> tuples = all(field);
        return tuples.isEmpty() ? otherwise : tuples.iterator().next().getFirst();
    }

    /// The same with other names.
    Facts renamed(Map<String, String> names) {
        Builder renamed = new Builder();
        fields.forEach((field, tuples) ->
                tuples.forEach(tuple ->
                        renamed.add(
                                field,
                                tuple.stream()
                                        .map(name -> names.getOrDefault(name, name))
                                        .toList())));
        return renamed.build();
    }

    /// In words, one line for each field.
    String text(String indent) {
        StringBuilder said = new StringBuilder();
        new TreeMap<>(fields)
                .forEach((field, tuples) -> {
                    TreeSet<String> sorted = new TreeSet<>();
                    tuples.forEach(tuple -> sorted.add(String.join(" ", tuple)));
                    said.append(indent).append(field).append(": ");
                    said.append(String.join(", ", sorted)).append('\n');
                });
        return said.isEmpty() ? indent + "nothing\n" : said.toString();
    }

    @Override
    public Map<String, Set<List<String>>> fields() {
        return Collections.unmodifiableMap(fields);
    }

    @Override
    public String toString() {
        return text(" ");
    }
}
