// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.activity.Activities;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// The safety case: goals, and what each is shown by, down to what can be run.
final class SafetyCase {

    private static final String FILE = "case.txt";

    /// A node.
    ///
    /// @param kind as GSN has it
    /// @param name its identifier; of a solution the activity, of an assumption its name in the
    ///   ledger
    /// @param text what it says; empty for a solution or an assumption, which say it themselves
    /// @param below what it is shown by
    record Node(Kind kind, String name, String text, List<Node> below) {}

    /// The kinds of GSN.
    enum Kind {
        GOAL,
        STRATEGY,
        CONTEXT,
        SOLUTION,
        ASSUMPTION,
        UNDEVELOPED
    }

    private SafetyCase() {}

    /// The case that is shipped.
    ///
    /// @throws IllegalStateException if it names an activity or an assumption that there is not, or
    ///   a goal or strategy has nothing below it
    static Node shipped() {
        Deque<Node> open = new ArrayDeque<>();
        List<Node> roots = new ArrayList<>();
        for (String line : Texts.lines(FILE).toList()) {
            int depth = (line.length() - line.stripLeading().length()) / 2;
            Node node = node(line.strip());
            while (open.size() > depth) {
                open.pop();
            }
            (open.isEmpty() ? roots : open.peek().below()).add(node);
            open.push(node);
        }
        if (roots.size() != 1) {
            throw new IllegalStateException(FILE + " has " + roots.size() + " cases");
        }
        check(roots.getFirst());
        return roots.getFirst();
    }

    private static Node node(String line) {
        String[] said = line.split(": ", 2);
        String[] head = said[0].split(" ");
        Kind kind = Kind.valueOf(head[0].toUpperCase(Locale.ROOT));
        return new Node(kind, head[1], said.length == 2 ? said[1] : "", new ArrayList<>());
    }

    private static void check(Node node) {
        boolean fine =
                switch (node.kind()) {
                    case GOAL, STRATEGY -> !node.below().isEmpty();
                    case SOLUTION -> Activities.named(node.name()).isPresent();
                    case ASSUMPTION ->
                            Assumption.ledger().stream()
                                    .anyMatch(each -> each.name().equals(node.name()));
                    case CONTEXT, UNDEVELOPED -> true;
                };
        if (!fine) {
            throw new IllegalStateException(FILE + ": " + node.kind() + " " + node.name());
        }
        node.below().forEach(SafetyCase::check);
    }
}
