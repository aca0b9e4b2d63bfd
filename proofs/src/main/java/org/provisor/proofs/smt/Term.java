// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// An S-expression: a name, or a list of terms.
///
/// @param name a name or number; empty for a list
/// @param parts what is in the list
record Term(String name, List<Term> parts) {

    Term {
        parts = List.copyOf(parts);
    }

    static Term name(String name) {
        return new Term(name, List.of());
    }

    static Term of(Term... parts) {
        return new Term("", List.of(parts));
    }

    /// An operator's or function's name, applied to terms.
    static Term apply(String operator, List<Term> arguments) {
        List<Term> parts = new ArrayList<>();
        parts.add(name(operator));
        parts.addAll(arguments);
        return new Term("", parts);
    }

    static Term apply(String operator, Term... arguments) {
        return apply(operator, List.of(arguments));
    }

    boolean isName() {
        return !name.isEmpty();
    }

    Term part(int index) {
        return parts.get(index);
    }

    /// The name at the head of a list; the name of a name.
    String head() {
        return isName() ? name : parts.getFirst().head();
    }

    /// What follows the head.
    List<Term> rest() {
        return parts.subList(1, parts.size());
    }

    boolean quantified() {
        return !isName() && (head().equals("forall") || head().equals("exists"));
    }

    /// The same with names replaced.
    Term with(Map<String, Term> values) {
        return isName()
                ? values.getOrDefault(name, this)
                : new Term("", parts.stream().map(part -> part.with(values)).toList());
    }

    /// The same with functions renamed where they are applied.
    Term renamed(UnaryOperator<String> names) {
        if (isName()) {
            return this;
        }
        List<Term> now = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Term part = parts.get(i);
            now.add(i == 0 && part.isName() ? name(names.apply(part.name)) : part.renamed(names));
        }
        return new Term("", now);
    }

    @Override
    public String toString() {
        return isName()
                ? name
                : "(" + String.join(" ", parts.stream().map(Term::toString).toList()) + ")";
    }

    /// All terms in a text. Comments go from a semicolon to the line's end.
    ///
    /// @throws IllegalArgumentException if brackets do not match
    static List<Term> all(String text) {
        List<List<Term>> open = new ArrayList<>();
        open.add(new ArrayList<>());
        String plain = text.replaceAll(";[^\n]*", "").replace("(", " ( ").replace(")", " ) ");
        for (String word : plain.trim().split("\\s+")) {
            if (word.equals("(")) {
                open.add(new ArrayList<>());
            } else if (word.equals(")")) {
                if (open.size() == 1) {
                    throw new IllegalArgumentException("a bracket is closed and was not opened");
                }
                Term list = new Term("", open.removeLast());
                open.getLast().add(list);
            } else if (!word.isEmpty()) {
                open.getLast().add(name(word));
            }
        }
        if (open.size() != 1) {
            throw new IllegalArgumentException("a bracket is not closed");
        }
        return open.getFirst();
    }
}
