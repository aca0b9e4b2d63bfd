// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import java.util.ArrayList;
import java.util.List;

/// A documentation comment, taken apart: paragraphs, the first table, what it cites.
///
/// @param paragraphs in Markdown, each on one line, without the table
/// @param table the lines of the table as cells; none if there is no table
/// @param sources what follows `@xen` and `@sdm`, with the tag
record CommentText(List<String> paragraphs, List<List<String>> table, List<String> sources) {

    /// Takes the text of a comment apart.
    static CommentText of(String comment) {
        List<String> paragraphs = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String raw : comment.lines().toList()) {
            String line = raw.strip();
            if (line.startsWith("@")) {
                end(paragraph, paragraphs);
                tags.add(line);
            } else if (!tags.isEmpty()) {
                tags.set(tags.size() - 1, (tags.getLast() + " " + line).strip());
            } else if (line.startsWith("|")) {
                end(paragraph, paragraphs);
                table.add(cells(line));
            } else if (line.isEmpty()) {
                end(paragraph, paragraphs);
            } else {
                paragraph.append(paragraph.isEmpty() ? "" : " ").append(line);
            }
        }
        end(paragraph, paragraphs);
        List<String> sources =
                tags.stream()
                        .filter(tag -> tag.startsWith("@xen ") || tag.startsWith("@sdm "))
                        .toList();
        table.removeIf(row -> row.stream().allMatch(cell -> cell.matches("-+")));
        return new CommentText(List.copyOf(paragraphs), List.copyOf(table), sources);
    }

    private static void end(StringBuilder paragraph, List<String> paragraphs) {
        if (!paragraph.isEmpty()) {
            paragraphs.add(paragraph.toString());
            paragraph.setLength(0);
        }
    }

    private static List<String> cells(String line) {
        String inner = line.replaceAll("^\\||\\|$", "");
        List<String> cells = new ArrayList<>();
        for (String cell : inner.split("(?<!\\\\)\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    /// The first sentence of the first paragraph.
    String summary() {
        String first = paragraphs.isEmpty() ? "" : paragraphs.getFirst();
        int end = end(first);
        return end < 0 ? first : first.substring(0, end + 1);
    }

    /// What the paragraphs say beside the summary.
    List<String> more() {
        List<String> more = new ArrayList<>(paragraphs);
        if (!more.isEmpty()) {
            String rest = more.getFirst().substring(summary().length()).strip();
            more.set(0, rest);
            more.removeIf(String::isEmpty);
        }
        return more;
    }

    private static int end(String text) {
        for (int at = text.indexOf('.'); at >= 0; at = text.indexOf('.', at + 1)) {
            if (at + 1 == text.length() || text.charAt(at + 1) == ' ') {
                return at;
            }
        }
        return -1;
    }
}
