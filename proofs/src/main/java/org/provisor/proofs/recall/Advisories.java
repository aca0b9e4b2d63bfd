// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.seeded.SeededException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The table of advisories: one a line, five columns with ` | ` between them.
public final class Advisories {

    private static final String FILE = "advisories.txt";
    private static final int COLUMNS = 5;

    private Advisories() {}

    /// Those that are shipped.
    public static List<Advisory> shipped() {
        return of(FILE, resource(FILE));
    }

    /// Those that a text lists.
    ///
    /// @param file what the text is called in messages
    /// @throws SeededException if the text is not as it should be
    public static List<Advisory> of(String file, String text) {
        List<Advisory> all = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String where = file + ": line " + number + ": ";
            Advisory advisory = advisory(line, where);
            if (!ids.add(advisory.id())) {
                throw new SeededException(where + "a second row is called " + advisory.id());
            }
            all.add(advisory);
        }
        return List.copyOf(all);
    }

    private static Advisory advisory(String line, String where) {
        String[] columns = line.split("\\|", -1);
        if (columns.length != COLUMNS) {
            throw new SeededException(
                    where + "there must be " + COLUMNS + " columns, not " + columns.length);
        }
        for (int i = 0; i < COLUMNS; i++) {
            columns[i] = columns[i].strip();
        }
        Standing standing = standing(columns[3], where);
        if ((standing == Standing.EXPRESSIBLE) != columns[4].isEmpty()) {
            throw new SeededException(
                    where
                            + (columns[4].isEmpty()
                                    ? "the reason is missing why it is " + standing
                                    : "what is expressible needs no reason"));
        }
        return new Advisory(columns[0], columns[1], columns[2], standing, columns[4]);
    }

    private static Standing standing(String text, String where) {
        for (Standing standing : Standing.values()) {
            if (standing.toString().equals(text)) {
                return standing;
            }
        }
        throw new SeededException(where + "no row can stand as '" + text + "'");
    }

    /// A text of this package.
    static String resource(String file) {
        try (InputStream in = Advisories.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
