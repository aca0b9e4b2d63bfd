// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules with all their mutants in them, of which one at most is switched on, and the checks that
/// judge them.
///
/// Each set of rules has its own classes. Only what is in this package and in the Java library goes
/// between them. For one thread.
public interface MutatedRules {

    /// What kills.
    enum By {
        EXAMPLE("example"),
        TRACE("kept trace"),
        REFINEMENT("campaign program");

        private final String text;

        By(String text) {
            this.text = text;
        }

        /// Many of them.
        public String plural() {
            return text + "s";
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// What killed a mutant.
    ///
    /// @param check which of them
    /// @param wrong what was wrong, in a line
    record Killed(By by, String check, String wrong) {}

    /// What there is to judge by.
    ///
    /// @param checks how many of each
    /// @param wrong what is wrong with the rules as they are: these checks do not judge
    record Prepared(Map<By, Integer> checks, List<String> wrong) {}

    /// Runs every check with no mutant switched on, and sees which places of the code each
    /// executes.
    ///
    /// @param traces programs that were kept, by name
    /// @param seed what the campaign makes its programs up from
    /// @param steps how many steps the campaign has
    Prepared prepare(Map<String, String> traces, long seed, long steps);

    /// Whether any check executes a place.
    boolean executed(int place);

    /// Judges a mutant by the checks that execute its place, the cheapest first, to the first that
    /// kills it.
    ///
    /// @param number of the mutant
    Optional<Killed> judge(int place, int number);
}
