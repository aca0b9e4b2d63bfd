// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The decision table above a rule, the rows that its clause declares, and the rows that its code
/// reports are the same, in the same order.
class ClauseTableTest {

    private static final Pattern ID = Pattern.compile("[a-z0-9]+(\\.[a-z0-9]+(-[a-z0-9]+)*)+");
    private static final Pattern CLAUSE =
            Pattern.compile("@Clause\\(\\s*(?:value = )?\"([^\"]+)\"");
    private static final Pattern ROW = Pattern.compile("/// \\| ([a-z]) +\\|");

    @Test
    void identifiersAreWellFormedAndUsedOnce() {
        Set<String> seen = new HashSet<>();
        for (Clauses.Stated stated : Clauses.all()) {
            assertTrue(ID.matcher(stated.id()).matches(), stated.id());
            assertTrue(seen.add(stated.id()), stated.id() + " is used twice");
        }
        assertTrue(seen.size() > 40, "only " + seen.size() + " clauses were found");
    }

    @Test
    void tablesAreTheDeclaredRows() throws IOException {
        var documented = new TreeMap<String, List<String>>();
        Path sources = Clauses.module().resolve("src/main/java");
        try (var files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                read(Files.readAllLines(file), documented);
            }
        }
        var declared = new TreeMap<String, List<String>>();
        for (Clauses.Stated stated : Clauses.all()) {
            if (stated.clause().rows().length > 0) {
                declared.put(stated.id(), List.of(stated.clause().rows()));
            }
        }
        documented.values().removeIf(List::isEmpty);
        assertEquals(declared, documented);
    }

    /// Collects, for each clause of a file, the rows of the tables in the comment above it.
    private static void read(List<String> lines, Map<String, List<String>> documented) {
        List<String> rows = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            Matcher row = ROW.matcher(line);
            if (row.lookingAt()) {
                rows.add(row.group(1));
            } else if (line.startsWith("@Clause")) {
                String whole = at + 1 < lines.size() ? line + lines.get(at + 1).strip() : line;
                Matcher clause = CLAUSE.matcher(whole);
                if (clause.lookingAt()) {
                    documented.put(clause.group(1), rows);
                }
                rows = new ArrayList<>();
            } else if (!line.startsWith("///") && !line.startsWith("@")) {
                rows = new ArrayList<>();
            }
        }
    }
}
