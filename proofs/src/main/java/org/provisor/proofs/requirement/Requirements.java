// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.spec.notation.Clause;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// All requirements: needs, product requirements, and one of the software for each clause.
public final class Requirements {

    private static final String NEEDS = "needs.txt";
    private static final String RULES = "/org/provisor/spec/pv-memory-rules.txt";

    private final Map<String, Requirement> needs = new LinkedHashMap<>();
    private final Map<String, Requirement> products = new LinkedHashMap<>();
    private final List<Requirement> software = new ArrayList<>();

    /// Which clauses serve a product requirement that is not a rule: patterns.
    private final Map<String, List<String>> served = new LinkedHashMap<>();

    /// Clauses that no code carries out, and why.
    private final Map<String, String> unimplemented = new LinkedHashMap<>();

    private Requirements() {}

    /// The requirements, those of the software from the clauses.
    ///
    /// @throws IllegalStateException if a clause serves no product requirement, or names a rule
    ///   that there is not
    public static List<Requirement> of(List<ClauseText> clauses) {
        Requirements all = new Requirements();
        all.readNeeds();
        clauses.forEach(all::add);
        if (!all.unimplemented.isEmpty()) {
            throw new IllegalStateException(NEEDS + ": no clauses: " + all.unimplemented.keySet());
        }
        List<Requirement> list = new ArrayList<>(all.needs.values());
        list.addAll(all.products.values());
        list.addAll(all.software);
        return List.copyOf(list);
    }

    private void readNeeds() {
        Map<String, String> needOfPrefix = new LinkedHashMap<>();
        for (String line : lines(Requirements.class, NEEDS)) {
            String[] said = line.split(": ", 2);
            String[] words = said[0].split(" ");
            switch (words[0]) {
                case "need" -> put(needs, requirement(Level.MARKET, words[1], said[1], List.of()));
                case "product" -> product(words, said[1].split(" = ", 2));
                case "rules" -> {
                    String need = words[words.length - 1];
                    for (int i = 1; i < words.length - 2; i++) {
                        needOfPrefix.put(words[i], need);
                    }
                }
                case "unimplemented" -> unimplemented.put(words[1], said[1].strip());
                default -> throw new IllegalStateException(NEEDS + ": " + line);
            }
        }
        for (String line : lines(Clause.class, RULES)) {
            rule(line, needOfPrefix);
        }
    }

    private void product(String[] words, String[] textAndClauses) {
        String name = words[1];
        put(products, requirement(Level.PRODUCT, name, textAndClauses[0], List.of(words[3])));
        served.put(name, List.of(textAndClauses[1].strip().split(" ")));
    }

    /// A rule: seven columns of name, its text, and after `!!` why nothing states it.
    private void rule(String line, Map<String, String> needOfPrefix) {
        String name = line.substring(0, 7).strip();
        String[] parts = line.substring(7).strip().split(" !! ", 2);
        String need = needOfPrefix.get(name.substring(0, name.indexOf('-')));
        if (need == null) {
            throw new IllegalStateException(NEEDS + ": no need for rules like " + name);
        }
        String text = "It shall hold that " + parts[0].strip() + ".";
        put(
                products,
                new Requirement(
                        Level.PRODUCT,
                        name,
                        text,
                        List.of(need),
                        parts.length == 2 ? parts[1].strip() : ""));
    }

    private static Requirement requirement(
            Level level, String name, String text, List<String> parents) {
        return new Requirement(level, name, text.strip(), parents, "");
    }

    private static void put(Map<String, Requirement> to, Requirement each) {
        if (to.put(each.name(), each) != null) {
            throw new IllegalStateException(NEEDS + ": " + each.name() + " twice");
        }
    }

    private void add(ClauseText clause) {
        TreeSet<String> parents = new TreeSet<>(clause.rules());
        served.forEach((product, patterns) -> {
            if (patterns.stream().anyMatch(pattern -> fits(pattern, clause.id()))) {
                parents.add(product);
            }
        });
        if (parents.isEmpty()) {
            throw new IllegalStateException(clause.id() + " serves no product requirement");
        }
        for (String parent : parents) {
            if (!products.containsKey(parent)) {
                throw new IllegalStateException(
                        clause.id() + " states " + parent + ", which is no rule");
            }
        }
        String why = unimplemented.remove(clause.id());
        software.add(
                new Requirement(
                        Level.SOFTWARE,
                        clause.id(),
                        text(clause),
                        List.copyOf(parents),
                        why == null ? "" : why));
    }

    private static boolean fits(String pattern, String clause) {
        return pattern.endsWith("*")
                ? clause.startsWith(pattern.substring(0, pattern.length() - 1))
                : clause.equals(pattern);
    }

    private static String text(ClauseText clause) {
        StringBuilder text =
                new StringBuilder(
                        clause.id().startsWith("invariant.")
                                ? "It shall hold in every state that " + invariant(clause)
                                : Shall.of(clause.summary()));
        if (!clause.rows().isEmpty()) {
            text.append(" The first row that fits shall decide.");
            for (ClauseText.Row row : clause.rows()) {
                text.append("\n\n* ").append(row(row));
            }
        }
        return text.toString();
    }

    /// `I1, reference algebra: a frame's ...` without what it is called.
    private static String invariant(ClauseText clause) {
        return clause.summary().replaceFirst("^I[0-9]+, [^:]*: ", "");
    }

    /// `Row a: where the frame is idle, the outcome shall be: count 1.`
    private static String row(ClauseText.Row row) {
        StringBuilder text = new StringBuilder("Row " + row.name() + ": where ");
        for (int column = 0; column < row.cells().size(); column++) {
            boolean last = column == row.cells().size() - 1;
            text.append(last ? "the " : "")
                    .append(row.columns().get(column))
                    .append(last ? " shall be: " : " ")
                    .append(row.cells().get(column))
                    .append(last ? "." : ", ");
        }
        return text.toString();
    }

    private static List<String> lines(Class<?> of, String name) {
        try (InputStream in = of.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(each -> !each.isBlank() && !each.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
