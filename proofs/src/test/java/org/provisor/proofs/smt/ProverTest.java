// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ProverTest {

    private static final String SMALL =
            """
            (rigid at Holder Frame)
            (state refs Frame Int)
            (state general Holder Bool)
            (number held Frame (h Holder) (general h) (at h))
            (macro (idle (h Holder)) (not (general h)))
            (invariant counted some.clause (forall ((f Frame)) (= (refs f) (held f))))
            (transition take (a.clause) ((k Holder) (f Frame))
              (guard idle (idle k)) (guard here (= (at k) f))
              (set (general k) true) (set (refs f) (+ (refs f) 1))
              (broken set refs))
            """;

    private final Theory theory = Theory.core();
    private final Prover prover = new Prover();

    /// Its tables are of the class: without a lock several threads soon meet in them.
    @Test
    void smtInterpolIsAskedByOneThreadAtATime() throws InterruptedException {
        String script =
                Script.unbounded(
                        theory,
                        theory.named("take-general"),
                        theory.invariants().getFirst(),
                        theory.invariants(),
                        false);
        List<Callable<Solver.Answer>> asked =
                Collections.nCopies(6, () -> Solver.SMT_INTERPOL.ask(script, 1_000));
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Solver.Answer> each : threads.invokeAll(asked)) {
                assertEquals(Future.State.SUCCESS, each.state());
            }
        }
    }

    @Test
    void asksInSmtLib() {
        Theory small = Theory.of(SMALL);
        String script =
                Script.unbounded(
                        small,
                        small.named("take"),
                        small.invariants().getFirst(),
                        small.invariants(),
                        true);
        assertEquals(
                """
                (set-logic UFLIA)
                (declare-sort Frame 0)
                (declare-sort Holder 0)
                (declare-sort Domain 0)
                (declare-fun k () Holder)
                (declare-fun f () Frame)
                (declare-fun at (Holder) Frame)
                (declare-fun refs (Frame) Int)
                (declare-fun general (Holder) Bool)
                (declare-fun held (Frame) Int)
                (define-fun refs! ((x Frame)) Int (ite (= x f) (+ (refs f) 1) (refs x)))
                (define-fun general! ((x Holder)) Bool (ite (= x k) true (general x)))
                (define-fun held! ((x Frame)) Int (- (+ (held x) (ite (and (general! k) (= (at k) x)) 1 0)) (ite (and (general k) (= (at k) x)) 1 0)))
                (define-fun held-holds ((x Holder)) Bool (general x))
                (assert (forall ((k Frame)) (<= 0 (held k))))
                (assert (forall ((x Holder)) (=> (held-holds x) (<= 1 (held (at x))))))
                (assert (forall ((x Holder) (y Holder)) (=> (and (held-holds x) (held-holds y) (not (= x y)) (= (at x) (at y))) (<= 2 (held (at x))))))
                (declare-fun held-one (Frame) Holder)
                (assert (forall ((k Frame)) (=> (< 0 (held k)) (and (held-holds (held-one k)) (= (at (held-one k)) k)))))
                (assert (forall ((f Frame)) (= (refs f) (held f))))
                (assert (not (general k)))
                (assert (= (at k) f))
                (assert (not (forall ((f Frame)) (= (refs! f) (held! f)))))
                (check-sat)
                """,
                script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flush", "begin-death", "force-teardown", "drop-type"})
    void secondSolverProves(String name) {
        Proof proof = prover.prove(name, List.of(Solver.SMT_INTERPOL), 60_000);
        assertEquals(Proof.Verdict.PROVED, proof.verdict(), proof::toString);
        assertEquals(theory.named(name).variants().size(), proof.opinions().getFirst().refuted());
    }

    @Test
    void brokenVariantIsNoTransition() {
        Theory small = Theory.of(SMALL).withVariant("take");
        String script =
                Script.unbounded(
                        small,
                        small.named("take"),
                        small.invariants().getFirst(),
                        small.invariants(),
                        true);
        assertFalse(Solver.SMT_INTERPOL.ask(script, 60_000) == Solver.Answer.UNSAT);
        String found = Script.breaking(small, small.named("take"), List.of(2, 2, 1));
        assertEquals(Solver.Answer.SAT, Solver.SMT_INTERPOL.ask(found, 60_000));
    }

    @Test
    void everyTransitionHasWrongVariantsAndClauses() {
        for (Theory.Transition transition : theory.transitions()) {
            assertFalse(transition.variants().isEmpty(), transition.name());
            assertFalse(transition.clauses().isEmpty(), transition.name());
        }
        assertTrue(prover.names().size() >= 26);
    }

    @Test
    void refusesTextThatIsNoTheory() {
        assertThrows(IllegalArgumentException.class, () -> Theory.of("(state"));
        assertThrows(IllegalArgumentException.class, () -> Theory.of("(what is this)"));
    }
}
