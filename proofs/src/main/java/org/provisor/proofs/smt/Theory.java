// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is proved: functions of a state, numbers of holders, invariants and transitions.
///
/// @param functions in the order of the text
/// @param numbers in the order of the text
/// @param invariants in the order of the text
/// @param transitions in the order of the text
record Theory(
        List<Function> functions,
        List<Count> numbers,
        List<Invariant> invariants,
        List<Transition> transitions) {

    /// The sorts without structure, in the order in which states name their sizes.
    static final List<String> SORTS = List.of("Frame", "Holder", "Domain");

    /// A function of one argument.
    ///
    /// @param rigid whether no transition changes it
    record Function(String name, String from, String to, boolean rigid) {}

    /// A name with its sort.
    record Variable(String name, String sort) {}

    /// How many elements of a sort there are for which a condition holds and whose key is the
    /// argument.
    record Count(String name, String of, Variable counted, Term condition, Term key) {}

    /// What is true of every state.
    ///
    /// @param clause the clause of the specification it is the core of
    record Invariant(String name, String clause, Term body) {}

    /// A condition of a transition.
    record Guard(String name, Term body) {}

    /// One value that is different afterwards: of a function, at an argument.
    record Change(String function, Term argument, Term value) {}

    /// A wrong variant that has to be refuted.
    ///
    /// @param name what is wrong
    /// @param transition the wrong one
    record Variant(String name, Transition transition) {}

    /// What happens in one go.
    ///
    /// @param clauses the clauses of the specification that it is part of
    record Transition(
            String name,
            List<String> clauses,
            List<Variable> parameters,
            List<Guard> guards,
            List<Change> changes,
            List<Variant> variants) {

        private Transition with(List<Guard> guardsNow, List<Change> changesNow) {
            return new Transition(name, clauses, parameters, guardsNow, changesNow, List.of());
        }
    }

    /// The theory that is shipped.
    static Theory core() {
        try (InputStream in = Theory.class.getResourceAsStream("core.txt")) {
            if (in == null) {
                throw new IllegalStateException("core.txt is missing from the program");
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The theory of a text.
    ///
    /// @throws IllegalArgumentException if it says something that a theory cannot
    static Theory of(String text) {
        Theory theory =
                new Theory(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Map<String, Term> macros = new HashMap<>();
        for (Term term : Term.all(text)) {
            theory.add(term, macros);
        }
        return theory;
    }

    private void add(Term term, Map<String, Term> macros) {
        String name = term.part(1).head();
        switch (term.head()) {
            case "rigid", "state" ->
                    functions.add(
                            new Function(
                                    name,
                                    term.part(2).name(),
                                    term.part(3).name(),
                                    term.head().equals("rigid")));
            case "number" ->
                    numbers.add(
                            new Count(
                                    name,
                                    term.part(2).name(),
                                    variable(term.part(3)),
                                    expanded(term.part(4), macros),
                                    expanded(term.part(5), macros)));
            case "macro" -> macros.put(name, term);
            case "invariant" ->
                    invariants.add(
                            new Invariant(
                                    name, term.part(2).name(), expanded(term.part(3), macros)));
            case "transition" -> transitions.add(transition(term, macros));
            default -> throw new IllegalArgumentException("what is " + term.head() + "?");
        }
    }

    private static Transition transition(Term term, Map<String, Term> macros) {
        List<Guard> guards = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Term part : term.parts().subList(4, term.parts().size())) {
            if (part.head().equals("guard")) {
                guards.add(new Guard(part.part(1).name(), expanded(part.part(2), macros)));
            } else if (part.head().equals("set")) {
                changes.add(change(part.part(1), expanded(part.part(2), macros)));
            }
        }
        Transition right =
                new Transition(
                        term.part(1).name(),
                        term.part(2).parts().stream().map(Term::name).toList(),
                        term.part(3).parts().stream().map(Theory::variable).toList(),
                        guards,
                        changes,
                        List.of());
        List<Variant> variants = new ArrayList<>();
        for (Term part : term.parts().subList(4, term.parts().size())) {
            if (part.head().equals("broken")) {
                variants.add(variant(right, part));
            }
        }
        return new Transition(
                right.name, right.clauses, right.parameters, guards, changes, variants);
    }

    private static Variant variant(Transition right, Term broken) {
        List<Guard> guards = new ArrayList<>(right.guards);
        List<Change> changes = new ArrayList<>(right.changes);
        String kind = broken.part(1).name();
        String what = broken.part(2).head();
        boolean found =
                switch (kind) {
                    case "guard" -> guards.removeIf(guard -> guard.name.equals(what));
                    case "set" -> changes.removeIf(change -> change.function.equals(what));
                    case "to" -> changes.add(change(broken.part(2), broken.part(3)));
                    default -> false;
                };
        if (!found) {
            throw new IllegalArgumentException(right.name + " has nothing to break: " + broken);
        }
        String name =
                switch (kind) {
                    case "guard" -> "without asking: " + what;
                    case "set" -> "without changing: " + what;
                    default -> "also changing: " + what;
                };
        return new Variant(name, right.with(guards, changes));
    }

    private static Change change(Term place, Term value) {
        return new Change(place.head(), place.part(1), value);
    }

    private static Variable variable(Term term) {
        return new Variable(term.part(0).name(), term.part(1).name());
    }

    private static Term expanded(Term term, Map<String, Term> macros) {
        if (term.isName()) {
            return term;
        }
        List<Term> parts = term.parts().stream().map(part -> expanded(part, macros)).toList();
        Term macro = parts.getFirst().isName() ? macros.get(parts.getFirst().name()) : null;
        if (macro == null) {
            return new Term("", parts);
        }
        Map<String, Term> values = new HashMap<>();
        List<Term> parameters = macro.part(1).rest();
        for (int i = 0; i < parameters.size(); i++) {
            values.put(parameters.get(i).head(), parts.get(i + 1));
        }
        return expanded(macro.part(2), macros).with(values);
    }

    /// The function of a name.
    Function function(String name) {
        return functions.stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no function " + name));
    }

    /// The same with a transition replaced by the first of its wrong variants.
    Theory withVariant(String name) {
        return new Theory(
                functions,
                numbers,
                invariants,
                transitions.stream()
                        .map(each ->
                                each.name.equals(name) ? each.variants.getFirst().transition : each)
                        .toList());
    }

    /// The transition of a name.
    Transition named(String name) {
        return transitions.stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no transition " + name));
    }
}
