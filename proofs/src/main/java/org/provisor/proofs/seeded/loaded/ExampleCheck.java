// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.example.Changes;
import org.provisor.spec.example.Example;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Outcome;

/// Whether a worked example comes out as it says.
public final class ExampleCheck {

    private ExampleCheck() {}

    /// The first thing that is different, in words; none if the example comes out as it says.
    public static Option<String> wrong(Example example) {
        Outcome outcome;
        try {
            outcome = example.outcome();
        } catch (RuntimeException | StackOverflowError e) {
            return Option.some(Exceptions.summary(e));
        }
        if (!example.decidedBy(outcome.rows())) {
            return Option.some("decided by " + outcome.rows().mkString(", "));
        }
        String answer = Example.say(outcome.answer());
        if (!example.answers().equals(answer)) {
            return Option.some(answer + ", not: " + example.answers());
        }
        return different(
                        example.changes(),
                        Changes.between(example.given().machine(), outcome.machine()))
                .orElse(() -> different(example.owed(), Example.say(outcome)))
                .orElse(() -> broken(example, outcome));
    }

    private static Option<String> broken(Example example, Outcome outcome) {
        int end = example.breaks().indexOf(':');
        String said = end < 0 ? "" : example.breaks().substring(0, end);
        Option<Invariant.Violation> seen = Invariant.violated(outcome.machine());
        String number = seen.map(violation -> violation.invariant().number()).getOrElse("");
        return number.equals(said)
                ? Option.none()
                : Option.some(seen.map(Object::toString).getOrElse(said + " holds"));
    }

    private static Option<String> different(Vector<String> said, Vector<String> seen) {
        if (said.equals(seen)) {
            return Option.none();
        }
        for (String line : seen) {
            if (!said.contains(line)) {
                return Option.some("unexpected: " + line);
            }
        }
        for (String line : said) {
            if (!seen.contains(line)) {
                return Option.some("missing: " + line);
            }
        }
        return Option.some("in another order: " + seen.mkString(", "));
    }
}
