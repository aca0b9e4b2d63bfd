// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import org.provisor.proofs.smt.Theory.Change;
import org.provisor.proofs.smt.Theory.Function;
import org.provisor.proofs.smt.Theory.Guard;
import org.provisor.proofs.smt.Theory.Invariant;
import org.provisor.proofs.smt.Theory.Transition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A state of so many frames, holders and domains, in which terms have values: elements of sorts
/// are their numbers, which are Long as integers are.
final class State {

    private final Theory theory;
    private final List<Integer> sizes;
    private final Map<String, Object[]> values;

    State(Theory theory, List<Integer> sizes) {
        this(theory, sizes, new HashMap<>());
        for (Function function : theory.functions()) {
            Object[] all = new Object[size(function.from())];
            Object none = function.to().equals("Bool") ? false : (Object) 0L;
            Arrays.fill(all, none);
            values.put(function.name(), all);
        }
    }

    private State(Theory theory, List<Integer> sizes, Map<String, Object[]> values) {
        this.theory = theory;
        this.sizes = sizes;
        this.values = values;
    }

    int size(String sort) {
        return sizes.get(Theory.SORTS.indexOf(sort));
    }

    void set(String function, int argument, Object value) {
        all(values, function)[argument] = value;
    }

    Object get(String function, int argument) {
        return all(values, function)[argument];
    }

    private static Object[] all(Map<String, Object[]> values, String function) {
        return Objects.requireNonNull(values.get(function), function);
    }

    long number(String function, int argument) {
        return (Long) get(function, argument);
    }

    boolean is(String function, int argument) {
        return (Boolean) get(function, argument);
    }

    /// The names of the invariants that do not hold.
    List<String> violated() {
        List<String> names = new ArrayList<>();
        for (Invariant invariant : theory.invariants()) {
            if (!(Boolean) value(invariant.body(), Map.of())) {
                names.add(invariant.name());
            }
        }
        return names;
    }

    /// The guards that keep a transition from happening.
    List<String> forbids(Transition transition, Map<String, Object> arguments) {
        List<String> names = new ArrayList<>();
        for (Guard guard : transition.guards()) {
            if (!(Boolean) value(guard.body(), arguments)) {
                names.add(guard.name());
            }
        }
        return names;
    }

    /// The state after a transition.
    State after(Transition transition, Map<String, Object> arguments) {
        Map<String, Object[]> now = new HashMap<>();
        values.forEach((name, all) -> now.put(name, all.clone()));
        for (Change change : transition.changes()) {
            int argument = ((Long) value(change.argument(), arguments)).intValue();
            all(now, change.function())[argument] = value(change.value(), arguments);
        }
        return new State(theory, sizes, now);
    }

    /// A term's value.
    Object value(Term term, Map<String, Object> names) {
        if (term.isName()) {
            return named(term.name(), names);
        }
        List<Term> rest = term.rest();
        return switch (term.head()) {
            case "and" -> rest.stream().allMatch(part -> (Boolean) value(part, names));
            case "or" -> rest.stream().anyMatch(part -> (Boolean) value(part, names));
            case "not" -> !(Boolean) value(rest.getFirst(), names);
            case "=>" ->
                    !(Boolean) value(rest.get(0), names) || (Boolean) value(rest.get(1), names);
            case "=" -> value(rest.get(0), names).equals(value(rest.get(1), names));
            case "ite" ->
                    (Boolean) value(rest.get(0), names)
                            ? value(rest.get(1), names)
                            : value(rest.get(2), names);
            case "<" -> integer(rest.get(0), names) < integer(rest.get(1), names);
            case "<=" -> integer(rest.get(0), names) <= integer(rest.get(1), names);
            case "+" -> integer(rest.get(0), names) + integer(rest.get(1), names);
            case "-" -> integer(rest.get(0), names) - integer(rest.get(1), names);
            case "forall" -> forAll(term, 0, names);
            default -> applied(term.head(), integer(rest.getFirst(), names));
        };
    }

    private static Object named(String name, Map<String, Object> names) {
        Object value = names.get(name);
        if (value != null) {
            return value;
        }
        return name.equals("true") || name.equals("false")
                ? (Object) Boolean.valueOf(name)
                : Long.valueOf(name);
    }

    private long integer(Term term, Map<String, Object> names) {
        return (Long) value(term, names);
    }

    private boolean forAll(Term term, int variable, Map<String, Object> names) {
        List<Term> variables = term.part(1).parts();
        if (variable == variables.size()) {
            return (Boolean) value(term.part(2), names);
        }
        Map<String, Object> more = new HashMap<>(names);
        for (long i = 0; i < size(variables.get(variable).part(1).name()); i++) {
            more.put(variables.get(variable).head(), i);
            if (!forAll(term, variable + 1, more)) {
                return false;
            }
        }
        return true;
    }

    private Object applied(String function, long argument) {
        for (Theory.Count number : theory.numbers()) {
            if (number.name().equals(function)) {
                return counted(number, argument);
            }
        }
        return get(theory.function(function).name(), (int) argument);
    }

    private long counted(Theory.Count number, long argument) {
        long found = 0;
        for (long i = 0; i < size(number.counted().sort()); i++) {
            Map<String, Object> names = Map.of(number.counted().name(), i);
            if (value(number.key(), names).equals(argument)
                    && (Boolean) value(number.condition(), names)) {
                found++;
            }
        }
        return found;
    }
}
