// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.html.Html;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often each row was seen to decide, as a pack of evidence says; nothing without a pack.
///
/// @param activities the activities that saw rows
/// @param counts by row, a text for each activity
/// @param page the pack's page, as seen from the book
record Seen(List<String> activities, Map<String, List<String>> counts, String page) {

    /// What a pack says.
    ///
    /// @param evidence the pack, if there is one
    /// @param book where the book will be
    static Seen in(@Nullable Path evidence, Path book) throws IOException {
        if (evidence == null) {
            return new Seen(List.of(), Map.of(), "");
        }
        Map<String, List<String>> counts = new HashMap<>();
        List<String> lines = Files.readAllLines(evidence.resolve("rows.csv"));
        List<String> heads = Arrays.asList(lines.getFirst().split(","));
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = Arrays.asList(line.split(",", -1));
            counts.put(cells.getFirst(), cells.subList(1, cells.size()));
        }
        String page =
                book.toAbsolutePath()
                        .normalize()
                        .relativize(evidence.toAbsolutePath().normalize().resolve("index.html"))
                        .toString()
                        .replace('\\', '/');
        return new Seen(List.copyOf(heads.subList(1, heads.size())), counts, page);
    }

    /// A link to the pack.
    String link(String up) {
        return page.isEmpty() ? "" : " <a href=\"" + up + Html.escaped(page) + "\">Evidence</a>";
    }

    /// The heads of the columns.
    String heads() {
        StringBuilder html = new StringBuilder();
        for (String activity : activities) {
            if (!activity.equals("examples")) {
                html.append("<th scope=\"col\">").append(Html.escaped(activity)).append("</th>");
            }
        }
        return html.toString();
    }

    /// The cells of a row.
    String cells(String row) {
        StringBuilder html = new StringBuilder();
        List<String> of = counts.getOrDefault(row, List.of());
        for (int i = 0; i < activities.size(); i++) {
            if (!activities.get(i).equals("examples")) {
                String count = i < of.size() ? of.get(i) : "0";
                html.append("<td class=\"count\">")
                        .append(count.equals("0") ? "–" : grouped(count))
                        .append("</td>");
            }
        }
        return html.toString();
    }

    private static String grouped(String count) {
        return Html.escaped(count).replaceAll("(?<=\\d)(?=(\\d{3})+$)", " ");
    }
}
