// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import org.provisor.proofs.smt.Proof.Opinion;
import org.provisor.proofs.smt.Proof.Verdict;
import org.provisor.proofs.smt.Solver.Answer;
import org.provisor.proofs.smt.Theory.Invariant;
import org.provisor.proofs.smt.Theory.Transition;
import org.provisor.proofs.smt.Theory.Variant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Asks solvers whether every transition keeps every invariant.
///
/// Of a transition three things are asked: that no invariant can break, whatever the number of
/// frames, holders and domains; that it can happen at all; and that each wrong variant of it breaks
/// an invariant, in a state of few frames that is found.
public final class Prover {

    /// Frames, holders and domains of the states in which wrong variants are refuted.
    private static final List<Integer> SIZES = List.of(3, 5, 2);

    /// The invariants that most others rest on.
    private static final Set<String> BASIC =
            Set.of("refs-counted", "types-counted", "typed-refers", "exclusive", "entry-in-use");

    private final Theory theory = Theory.core();

    /// The names of the obligations, in their order.
    public List<String> names() {
        return theory.transitions().stream().map(Transition::name).toList();
    }

    /// The clauses of the specification that each transition is part of, and each invariant is the
    /// core of, by its name.
    public Map<String, List<String>> clauses() {
        Map<String, List<String>> clauses = new LinkedHashMap<>();
        theory.transitions().forEach(each -> clauses.put(each.name(), each.clauses()));
        theory.invariants().forEach(each -> clauses.put(each.name(), List.of(each.clause())));
        return clauses;
    }

    /// How many invariants each transition has to keep.
    public int invariants() {
        return theory.invariants().size();
    }

    /// Tries one obligation.
    ///
    /// @param milliseconds how long each question may take
    public Proof prove(String name, List<Solver> solvers, long milliseconds) {
        Transition transition = theory.named(name);
        List<Opinion> opinions = new ArrayList<>();
        for (Solver solver : solvers) {
            opinions.add(opinion(transition, solver, milliseconds));
        }
        return new Proof(name, transition.clauses(), opinions);
    }

    /// All questions of an obligation by name, as SMT-LIB 2. Those of invariants and `happens` are
    /// answered `unsat` and `sat`, those of wrong variants `sat`.
    public Map<String, String> scripts(String name) {
        Transition transition = theory.named(name);
        Map<String, String> all = new LinkedHashMap<>();
        for (Invariant invariant : theory.invariants()) {
            all.put(
                    name + "." + invariant.name(),
                    Script.unbounded(theory, transition, invariant, theory.invariants(), true));
        }
        all.put(name + ".happens", Script.happening(theory, transition, SIZES));
        for (Variant variant : transition.variants()) {
            all.put(
                    name + ".broken." + variant.name().replaceAll("[^a-zA-Z]+", "-"),
                    Script.breaking(theory, variant.transition(), SIZES));
        }
        return all;
    }

    /// Whether an invariant can break. That it cannot is often seen from it and a few others, which
    /// are tried first: a solver that has less to look at ends sooner.
    private Answer kept(
            Transition transition, Invariant invariant, Solver solver, long milliseconds) {
        List<Invariant> few =
                theory.invariants().stream()
                        .filter(each -> each.equals(invariant) || BASIC.contains(each.name()))
                        .toList();
        Answer answer =
                solver.ask(
                        Script.unbounded(theory, transition, invariant, few, false),
                        milliseconds / 8);
        if (answer != Answer.UNSAT) {
            answer =
                    solver.ask(
                            Script.unbounded(theory, transition, invariant, few, true),
                            milliseconds / 8);
        }
        return answer == Answer.UNSAT
                ? answer
                : solver.ask(
                        Script.unbounded(theory, transition, invariant, theory.invariants(), true),
                        milliseconds);
    }

    private Opinion opinion(Transition transition, Solver solver, long milliseconds) {
        long start = System.nanoTime();
        List<String> wrong = new ArrayList<>();
        boolean unknown = false;
        for (Invariant invariant : theory.invariants()) {
            Answer answer = kept(transition, invariant, solver, milliseconds);
            if (answer != Answer.UNSAT) {
                unknown |= answer == Answer.UNKNOWN;
                wrong.add(invariant.name() + (answer == Answer.SAT ? " may break" : ": no answer"));
            }
        }
        Answer happens = solver.ask(Script.happening(theory, transition, SIZES), milliseconds);
        if (happens != Answer.SAT) {
            unknown |= happens == Answer.UNKNOWN;
            wrong.add("never seen to happen");
        }
        int refuted = 0;
        for (Variant variant : transition.variants()) {
            Answer answer =
                    solver.ask(Script.breaking(theory, variant.transition(), SIZES), milliseconds);
            if (answer == Answer.SAT) {
                refuted++;
            } else {
                unknown |= answer == Answer.UNKNOWN;
                wrong.add("not refuted: " + variant.name());
            }
        }
        Verdict verdict =
                wrong.isEmpty() ? Verdict.PROVED : unknown ? Verdict.UNKNOWN : Verdict.REFUTED;
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        return new Opinion(solver, verdict, wrong, refuted, seconds);
    }
}
