// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Every rule of the reference list is stated by a clause, or says why not; the list in the README
/// is what the annotations say.
class RuleMappingTest {

    private static final String START = "<!-- rules: generated, see RuleMappingTest -->";
    private static final String END = "<!-- end of rules -->";

    /// A rule of the list.
    ///
    /// @param why why no clause states it; empty if one has to
    private record Rule(String id, String text, String why) {}

    @Test
    void everyRuleIsStatedOrExcepted() throws IOException {
        Map<String, List<String>> statedBy = statedBy();
        List<String> wrong = new ArrayList<>();
        for (Rule rule : rules()) {
            boolean stated = statedBy.containsKey(rule.id());
            if (stated == !rule.why().isEmpty()) {
                wrong.add(
                        rule.id()
                                + (stated ? " is excepted and stated" : " is not stated: ")
                                + rule.text());
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void clausesNameOnlyRulesOfTheList() throws IOException {
        var unknown = new TreeSet<>(statedBy().keySet());
        rules().forEach(rule -> unknown.remove(rule.id()));
        assertEquals(new TreeSet<String>(), unknown);
    }

    @Test
    void theListCanBeMissed() throws IOException {
        Map<String, List<String>> statedBy = statedBy();
        assertEquals(97, rules().size());
        assertTrue(statedBy.getOrDefault("LIN-1", List.of()).contains("mm.linear.get"));
        assertTrue(!statedBy.containsKey("PG-99"));
    }

    @Test
    void readmeSaysTheSame() throws IOException {
        Path readme = Clauses.module().resolve("README.md");
        String text = Files.readString(readme);
        int start = text.indexOf(START);
        int end = text.indexOf(END);
        assertTrue(start >= 0 && end > start, "spec/README.md has no place for the rules");
        String wanted = START + "\n\n" + table() + "\n" + END;
        if (Boolean.getBoolean("readme.write")) {
            Files.writeString(
                    readme, text.substring(0, start) + wanted + text.substring(end + END.length()));
        } else {
            assertEquals(
                    wanted,
                    text.substring(start, end + END.length()),
                    "write it anew: ./mvnw -pl spec test -Dtest=RuleMappingTest"
                            + " -Dreadme.write=true");
        }
    }

    private static String table() throws IOException {
        Map<String, List<String>> statedBy = statedBy();
        StringBuilder table = new StringBuilder("| rule | says | stated by |\n|---|---|---|\n");
        for (Rule rule : rules()) {
            String by =
                    rule.why().isEmpty()
                            ? statedBy.getOrDefault(rule.id(), List.of()).stream()
                                    .map(id -> "`" + id + "`")
                                    .collect(Collectors.joining(", "))
                            : "not stated: " + rule.why();
            table.append("| ").append(rule.id()).append(" | ").append(rule.text());
            table.append(" | ").append(by).append(" |\n");
        }
        return table.toString();
    }

    private static Map<String, List<String>> statedBy() {
        Map<String, List<String>> statedBy = new LinkedHashMap<>();
        for (Clauses.Stated stated : Clauses.all()) {
            for (String rule : stated.clause().covers()) {
                statedBy.computeIfAbsent(rule, _ -> new ArrayList<>()).add(stated.id());
            }
        }
        return statedBy;
    }

    private static List<Rule> rules() throws IOException {
        List<Rule> rules = new ArrayList<>();
        try (var in = RuleMappingTest.class.getResourceAsStream("pv-memory-rules.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.substring(7).strip().split(" !! ", 2);
                    rules.add(
                            new Rule(
                                    line.substring(0, 7).strip(),
                                    parts[0].strip(),
                                    parts.length == 2 ? parts[1].strip() : ""));
                }
            }
        }
        return rules;
    }
}
