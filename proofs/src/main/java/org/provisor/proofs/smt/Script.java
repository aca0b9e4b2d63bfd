// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import org.provisor.proofs.smt.Theory.Change;
import org.provisor.proofs.smt.Theory.Function;
import org.provisor.proofs.smt.Theory.Invariant;
import org.provisor.proofs.smt.Theory.Transition;
import org.provisor.proofs.smt.Theory.Variable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The question whether a transition can break an invariant, in SMT-LIB 2.
///
/// The state before is functions without a definition, the state after is defined by them. How many
/// holders there are is a function as well. For any number of frames, all that is said of it is
/// what holds of every finite set: it is not negative; it is at least 1 if one holds, 2 if two
/// hold, and one holds if it is not 0. After, it is what it was, and one more or less for each
/// holder of the transition that began or ceased to hold: no other holder changes.
///
/// For some sizes it is the sum over all holders, and every quantifier is written out.
final class Script {

    private final Theory theory;
    private final Transition transition;
    private final List<Integer> sizes;
    private List<Invariant> supposed;
    private final StringBuilder text = new StringBuilder();

    private Script(Theory theory, Transition transition, List<Integer> sizes) {
        this.theory = theory;
        this.transition = transition;
        this.sizes = sizes;
        supposed = theory.invariants();
    }

    /// For any number of frames: satisfiable if the transition may break the invariant in a state
    /// in which those supposed hold.
    static String unbounded(
            Theory theory,
            Transition transition,
            Invariant invariant,
            List<Invariant> supposed,
            boolean witnesses) {
        Script script = new Script(theory, transition, List.of());
        script.supposed = List.copyOf(supposed);
        script.head();
        script.state();
        script.finiteSets(witnesses);
        script.firing();
        script.require(Term.apply("not", after(theory, invariant.body())));
        return script.text.append("(check-sat)\n").toString();
    }

    /// For so many frames, holders and domains: satisfiable if the transition breaks an invariant.
    static String breaking(Theory theory, Transition transition, List<Integer> sizes) {
        Script script = new Script(theory, transition, sizes);
        script.bounded();
        List<Term> all =
                theory.invariants().stream()
                        .map(invariant -> after(theory, invariant.body()))
                        .toList();
        Term every = all.size() == 1 ? all.getFirst() : Term.apply("and", all);
        script.require(Term.apply("not", every));
        return script.text.append("(check-sat)\n").toString();
    }

    /// For so many frames, holders and domains: satisfiable if the transition can happen at all.
    static String happening(Theory theory, Transition transition, List<Integer> sizes) {
        Script script = new Script(theory, transition, sizes);
        script.bounded();
        return script.text.append("(check-sat)\n").toString();
    }

    private void bounded() {
        head();
        for (int s = 0; s < sizes.size(); s++) {
            String sort = Theory.SORTS.get(s);
            for (int i = 0; i < sizes.get(s); i++) {
                line("(declare-fun " + element(sort, i) + " () " + sort + ")");
            }
            if (sizes.get(s) > 1) {
                require(Term.apply("distinct", elements(sort)));
            }
        }
        state();
        for (Function function : theory.functions()) {
            for (Term argument : elements(function.from())) {
                closed(Term.apply(function.name(), argument), function.to());
            }
        }
        firing();
    }

    private void head() {
        line("(set-logic " + (sizes.isEmpty() ? "UFLIA" : "QF_UFLIA") + ")");
        Theory.SORTS.forEach(sort -> line("(declare-sort " + sort + " 0)"));
        for (Variable parameter : transition.parameters()) {
            line("(declare-fun " + parameter.name() + " () " + parameter.sort() + ")");
        }
    }

    private void state() {
        for (Function function : theory.functions()) {
            declare(function.name(), function.from(), function.to());
        }
        for (Theory.Count number : theory.numbers()) {
            if (sizes.isEmpty()) {
                declare(number.name(), number.of(), "Int");
            } else {
                define(number.name(), number.of(), "Int", sum(number, false));
            }
        }
        for (Function function : theory.functions()) {
            if (!function.rigid()) {
                Term value = Term.apply(function.name(), Term.name("x"));
                for (Change change : transition.changes()) {
                    if (change.function().equals(function.name())) {
                        Term here = Term.apply("=", Term.name("x"), change.argument());
                        value = Term.apply("ite", here, change.value(), value);
                    }
                }
                define(function.name() + "!", function.from(), function.to(), value);
            }
        }
        for (Theory.Count number : theory.numbers()) {
            define(
                    number.name() + "!",
                    number.of(),
                    "Int",
                    sizes.isEmpty() ? counted(number) : sum(number, true));
        }
    }

    /// The invariants before, and that the transition happens.
    private void firing() {
        supposed.forEach(invariant -> require(invariant.body()));
        for (Variable parameter : transition.parameters()) {
            if (!sizes.isEmpty()) {
                closed(Term.name(parameter.name()), parameter.sort());
            }
        }
        List<Term> holders =
                transition.parameters().stream()
                        .filter(parameter -> parameter.sort().equals("Holder"))
                        .map(parameter -> Term.name(parameter.name()))
                        .toList();
        if (holders.size() > 1) {
            require(Term.apply("distinct", holders));
        }
        transition.guards().forEach(guard -> require(guard.body()));
    }

    /// What holds of the number of elements of every finite set.
    private void finiteSets(boolean witnesses) {
        for (Theory.Count number : theory.numbers()) {
            String name = number.name();
            String sort = number.counted().sort();
            String holds = name + "-holds";
            String witness = name + "-one";
            String x = "(" + "x " + sort + ")";
            String y = "(" + "y " + sort + ")";
            String k = "(" + "k " + number.of() + ")";
            define(holds, sort, "Bool", in(number, Term.name("x")));
            String keyX = key(number, Term.name("x")).toString();
            String keyY = key(number, Term.name("y")).toString();
            line("(assert (forall (" + k + ") (<= 0 (" + name + " k))))");
            line(
                    "(assert (forall ("
                            + x
                            + ") (=> ("
                            + holds
                            + " x) (<= 1 ("
                            + name
                            + " "
                            + keyX
                            + ")))))");
            line(
                    "(assert (forall ("
                            + x
                            + " "
                            + y
                            + ") (=> (and ("
                            + holds
                            + " x) ("
                            + holds
                            + " y) (not (= x y)) (= "
                            + keyX
                            + " "
                            + keyY
                            + ")) (<= 2 ("
                            + name
                            + " "
                            + keyX
                            + ")))))");
            if (!witnesses) {
                continue;
            }
            line("(declare-fun " + witness + " (" + number.of() + ") " + sort + ")");
            String one = "(" + witness + " k)";
            line(
                    "(assert (forall ("
                            + k
                            + ") (=> (< 0 ("
                            + name
                            + " k)) (and ("
                            + holds
                            + " "
                            + one
                            + ") (= "
                            + key(number, Term.name(one))
                            + " k)))))");
        }
    }

    /// What the number is after: changed by those that the transition names.
    private Term counted(Theory.Count number) {
        Term value = Term.apply(number.name(), Term.name("x"));
        Set<String> changed =
                transition.changes().stream()
                        .filter(change -> matters(number, change.function()))
                        .map(change -> change.argument().toString())
                        .collect(Collectors.toSet());
        List<String> ours =
                transition.parameters().stream()
                        .filter(each -> each.sort().equals(number.counted().sort()))
                        .map(Variable::name)
                        .filter(changed::contains)
                        .toList();
        if (ours.size() != changed.size()
                || (ours.size() > 1 && !number.counted().sort().equals("Holder"))) {
            throw new IllegalArgumentException(
                    transition.name() + " changes what is no parameter: " + changed);
        }
        for (String each : ours) {
            Term one = Term.name(each);
            Term now = after(theory, here(number, one));
            value = Term.apply("+", value, one(now));
            value = Term.apply("-", value, one(here(number, one)));
        }
        return value;
    }

    private static boolean matters(Theory.Count number, String function) {
        return mentions(number.condition(), function) || mentions(number.key(), function);
    }

    private static boolean mentions(Term term, String function) {
        return !term.isName()
                && (term.head().equals(function)
                        || term.parts().stream().anyMatch(part -> mentions(part, function)));
    }

    private Term sum(Theory.Count number, boolean after) {
        List<Term> ones = new ArrayList<>();
        for (Term element : elements(number.counted().sort())) {
            Term here = here(number, element);
            ones.add(one(after ? after(theory, here) : here));
        }
        return ones.size() == 1 ? ones.getFirst() : Term.apply("+", ones);
    }

    private static Term one(Term condition) {
        return Term.apply("ite", condition, Term.name("1"), Term.name("0"));
    }

    private static Term in(Theory.Count number, Term element) {
        return number.condition().with(Map.of(number.counted().name(), element));
    }

    private static Term key(Theory.Count number, Term element) {
        return number.key().with(Map.of(number.counted().name(), element));
    }

    private static Term here(Theory.Count number, Term element) {
        return Term.apply(
                "and", in(number, element), Term.apply("=", key(number, element), Term.name("x")));
    }

    /// A term of the state before, of the state after.
    static Term after(Theory theory, Term term) {
        return term.renamed(name ->
                theory.numbers().stream().anyMatch(number -> number.name().equals(name))
                                || theory.functions().stream()
                                        .anyMatch(f -> f.name().equals(name) && !f.rigid())
                        ? name + "!"
                        : name);
    }

    private void closed(Term value, String sort) {
        if (Theory.SORTS.contains(sort)) {
            List<Term> any =
                    elements(sort).stream().map(each -> Term.apply("=", value, each)).toList();
            require(any.size() == 1 ? any.getFirst() : Term.apply("or", any));
        }
    }

    private List<Term> elements(String sort) {
        List<Term> all = new ArrayList<>();
        for (int i = 0; i < sizes.get(Theory.SORTS.indexOf(sort)); i++) {
            all.add(Term.name(element(sort, i)));
        }
        return all;
    }

    private static String element(String sort, int number) {
        return sort + number;
    }

    private void require(Term condition) {
        line("(assert " + (sizes.isEmpty() ? condition : writtenOut(condition)) + ")");
    }

    /// The same without quantifiers.
    private Term writtenOut(Term term) {
        if (term.isName()) {
            return term;
        }
        if (!term.quantified()) {
            return new Term("", term.parts().stream().map(this::writtenOut).toList());
        }
        List<Term> all = List.of(term.part(2));
        for (Term variable : term.part(1).parts()) {
            List<Term> next = new ArrayList<>();
            for (Term body : all) {
                for (Term element : elements(variable.part(1).name())) {
                    next.add(body.with(new HashMap<>(Map.of(variable.head(), element))));
                }
            }
            all = next;
        }
        List<Term> plain = all.stream().map(this::writtenOut).toList();
        String joined = term.head().equals("forall") ? "and" : "or";
        return plain.size() == 1 ? plain.getFirst() : Term.apply(joined, plain);
    }

    private void declare(String name, String from, String to) {
        line("(declare-fun " + name + " (" + from + ") " + to + ")");
    }

    private void define(String name, String from, String to, Term value) {
        line("(define-fun " + name + " ((x " + from + ")) " + to + " " + value + ")");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
