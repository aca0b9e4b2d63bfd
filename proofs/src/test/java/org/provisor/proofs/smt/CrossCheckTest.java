// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The theory says of the machines of the worked examples what the rules say of them.
class CrossCheckTest {

    private static final int FRAMES = 64;

    /// Steps left out are those in which a table is checked or taken apart in part, is forced
    /// apart, or loses its type because a check failed, and those of domains that are gone.
    private static final int LEAST_COMPOSED = 240;

    private final Theory theory = Theory.core();

    @Test
    void invariantsAgreeOnTheMachinesOfExamples() {
        List<String> wrong = new ArrayList<>();
        Set<Machine> seen = new HashSet<>();
        for (Example example : steps()) {
            for (Machine machine : List.of(before(example), after(example))) {
                if (seen.add(machine)) {
                    String differs = differs(new Abstraction(theory, List.of(machine)), machine);
                    if (!differs.isEmpty()) {
                        wrong.add(example.title() + ": " + differs);
                    }
                }
            }
        }
        assertTrue(seen.size() > 300, seen.size() + " machines");
        assertEquals(List.of(), wrong);
    }

    @Test
    void invariantsAgreeOnMachinesWithWrongCounters() {
        List<String> wrong = new ArrayList<>();
        for (Example example : steps()) {
            Machine machine = after(example);
            for (int number = 0; number < machine.frames().size(); number += 7) {
                Mfn mfn = new Mfn(number);
                Frame frame = machine.frame(mfn);
                Machine more = machine.with(mfn, frame.withRefs(frame.refs() + 1));
                if (new Abstraction(theory, List.of(more)).of(more).violated().isEmpty()) {
                    wrong.add(example.title() + ": one reference more on " + mfn);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void stepsAreComposedOfTransitions() {
        List<String> left = new ArrayList<>();
        int composed = composed(theory, left);
        assertTrue(
                composed >= LEAST_COMPOSED,
                composed + " steps composed, not these:\n" + String.join("\n", left));
    }

    @Test
    void stepsAreNotComposedOfWrongTransitions() {
        int right = composed(theory, new ArrayList<>());
        for (String name : List.of("take-general", "free", "drop-type")) {
            Theory wrong = theory.withVariant(name);
            assertTrue(composed(wrong, new ArrayList<>()) < right, name);
        }
    }

    private static int composed(Theory theory, List<String> left) {
        int composed = 0;
        for (Example example : steps()) {
            Machine before = before(example);
            Machine after = after(example);
            if (Invariant.violated(before).isEmpty()) {
                Abstraction abstraction = new Abstraction(theory, List.of(before, after));
                Composition.Found found =
                        Composition.of(theory, abstraction.of(before), abstraction.of(after));
                if (found.missing().isEmpty()) {
                    composed++;
                } else {
                    left.add(example.row() + ": " + found.missing());
                }
            }
        }
        return composed;
    }

    private static List<Example> steps() {
        return Examples.all()
                .filter(example ->
                        before(example).frames().size() <= FRAMES
                                && !before(example).equals(after(example)))
                .asJava();
    }

    private static Machine before(Example example) {
        return example.given().machine();
    }

    private static Machine after(Example example) {
        return example.outcome().machine();
    }

    /// What the invariants of both say; nothing if they agree. The theory has no linear counts.
    private static String differs(Abstraction abstraction, Machine machine) {
        List<String> ours = abstraction.of(machine).violated();
        String theirs =
                Invariant.violated(machine).map(Invariant.Violation::toString).getOrElse("");
        boolean agree = ours.isEmpty() == theirs.isEmpty() || theirs.startsWith("I4");
        return agree ? "" : "the theory says " + ours + ", the rules say " + theirs;
    }
}
