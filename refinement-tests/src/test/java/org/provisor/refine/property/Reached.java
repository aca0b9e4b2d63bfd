// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import org.provisor.refine.campaign.StatedClauses;
import org.provisor.refine.campaign.Trials;
import org.provisor.refine.gen.Focus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a property is told to have reached its clause: by a row of the clause, or as `clauses.txt`
/// says.
sealed interface Reached {

    /// Programs that are likely to reach it.
    Focus focus();

    /// Whether they did.
    boolean by(Trials trials);

    /// One of these rows decided.
    record Rows(Focus focus, List<String> rows) implements Reached {

        @Override
        public boolean by(Trials trials) {
            return rows.stream().anyMatch(row -> trials.hits(row) > 0);
        }
    }

    /// Some program came to its end.
    record Ends(Focus focus) implements Reached {

        @Override
        public boolean by(Trials trials) {
            return trials.programs() > 0;
        }
    }

    /// Nothing reaches it.
    record Never(Focus focus, String reason) implements Reached {

        @Override
        public boolean by(Trials trials) {
            return true;
        }
    }

    /// How a clause is reached.
    ///
    /// @throws IllegalArgumentException if there is no such clause, or it has no rows and is not
    ///   listed
    static Reached of(String clause) {
        List<String> rows = StatedClauses.all().get(clause);
        if (rows == null) {
            throw new IllegalArgumentException("no clause " + clause);
        }
        String listed = listed().get(clause);
        if (listed == null) {
            if (rows.isEmpty()) {
                throw new IllegalArgumentException(
                        clause + " has no rows; clauses.txt must say how it is seen");
            }
            return new Rows(
                    Focus.on(clause), rows.stream().map(row -> clause + "/" + row).toList());
        }
        String[] words = listed.split("\\s+", 2);
        return switch (words[0]) {
            case "sees" ->
                    new Rows(
                            Focus.on(words[1].substring(0, words[1].indexOf('/'))),
                            List.of(words[1]));
            case "ends" -> new Ends(Focus.NONE);
            case "never" -> new Never(Focus.NONE, words[1]);
            default -> throw new IllegalArgumentException("clauses.txt: " + clause);
        };
    }

    /// What `clauses.txt` says, by clause.
    static Map<String, String> listed() {
        try (InputStream in = Reached.class.getResourceAsStream("clauses.txt")) {
            if (in == null) {
                throw new IllegalStateException("clauses.txt is missing");
            }
            Map<String, String> listed = new TreeMap<>();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().map(String::strip).toList()) {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    String[] words = line.split("\\s+", 2);
                    if (words.length < 2 || listed.put(words[0], words[1]) != null) {
                        throw new IllegalStateException("clauses.txt: " + line);
                    }
                }
            }
            return listed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
