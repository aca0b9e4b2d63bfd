// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.browser;

import org.provisor.spec.example.Changes;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Outcome;

/// Prints what comes of every worked example. Runs in a browser as well as here.
public final class ExamplesInWords {

    private ExamplesInWords() {}

    /// Prints to standard output.
    public static void main(String[] args) {
        for (Example example : Examples.all()) {
            Outcome outcome = example.outcome();
            System.out.println(example.title() + ": " + Example.say(outcome.answer()));
            print(Changes.between(example.given().machine(), outcome.machine()));
            print(Example.say(outcome));
            print(outcome.rows());
            System.out.println("  " + Invariant.violated(outcome.machine()));
        }
    }

    private static void print(Iterable<String> lines) {
        for (String line : lines) {
            System.out.println("  " + line);
        }
    }
}
