// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.provisor.proofs.requirement.ClauseText;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A chapter: clauses that are read together.
///
/// @param title what it is about
/// @param intro a sentence or two
/// @param clauses in reading order: by class, then as they stand in the class
record Chapter(String title, String intro, List<ClauseText> clauses) {

    private static final String FILE = "chapters.txt";

    Chapter {
        clauses = List.copyOf(clauses);
    }

    /// All chapters.
    ///
    /// @throws IllegalStateException if a class is in no chapter, or in two, or states no clause
    static List<Chapter> of(List<ClauseText> clauses) {
        List<Chapter> chapters = new ArrayList<>();
        List<ClauseText> left = new ArrayList<>(clauses);
        String[] head = {};
        for (String line : ResourceLines.of(FILE)) {
            if (line.startsWith("chapter ")) {
                head = line.substring("chapter ".length()).split(": ", 2);
            } else {
                List<ClauseText> here = new ArrayList<>();
                for (String type : line.strip().split(" ")) {
                    List<ClauseText> of =
                            left.stream()
                                    .filter(clause -> clause.type().equals(type))
                                    .sorted(Comparator.comparingLong(ClauseText::line))
                                    .toList();
                    if (of.isEmpty()) {
                        throw new IllegalStateException(FILE + ": no clauses in " + type);
                    }
                    here.addAll(of);
                    left.removeAll(of);
                }
                chapters.add(new Chapter(head[0], head[1], here));
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    FILE + ": in no chapter: " + left.stream().map(ClauseText::type).toList());
        }
        return chapters;
    }
}
