// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import java.util.ArrayList;
import java.util.List;

/// A question that an auditor asks of the book.
///
/// @param text the question
/// @param clicks what is clicked, one after the other, from the first page on: the text of a link,
///   or how it begins
/// @param answer words that stand on the page where that leads
public record Question(String text, List<String> clicks, String answer) {

    private static final String FILE = "questions.txt";

    public Question {
        clicks = List.copyOf(clicks);
    }

    /// All questions.
    ///
    /// @throws IllegalStateException if a question has no answer
    public static List<Question> all() {
        List<Question> all = new ArrayList<>();
        String text = "";
        List<String> clicks = List.of();
        for (String line : ResourceLines.of(FILE)) {
            if (line.startsWith("  click ")) {
                clicks = List.of(line.substring("  click ".length()).split(" > "));
            } else if (line.startsWith("  read ")) {
                all.add(new Question(text, clicks, line.substring("  read ".length())));
                text = "";
            } else if (text.isEmpty() && !line.startsWith(" ")) {
                text = line;
            } else {
                throw new IllegalStateException(FILE + ": '" + text + "' is followed by: " + line);
            }
        }
        if (!text.isEmpty()) {
            throw new IllegalStateException(FILE + ": no answer to: " + text);
        }
        return all;
    }
}
