// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.provisor.proofs.recall.MutantFinder.Search;

/// What came of the campaign on a mutant.
///
/// @param mutant what it is called
/// @param ending how it ended
/// @param search what the campaign did
public record RecallVerdict(String mutant, Ending ending, Search search) {

    /// How a campaign on a mutant ends.
    public enum Ending {
        /// Something was found that the mutant does.
        FOUND("found"),
        /// What was found differs without the mutant too, so that nothing was learned of it.
        ANYWAY("anyway"),
        /// Nothing was found.
        MISSED("missed");

        private final String text;

        Ending(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// What it was that objected.
    public enum Oracle {
        /// The specification comes to another answer, or to another state.
        REFINEMENT("refinement"),
        /// Processors remember what they must not, or are made to forget for nothing.
        FLUSHES("flushes"),
        /// Something that is always true was not.
        INVARIANT("invariant"),
        /// No order of the calls of two vCPUs explains what came of them.
        LINEARIZABILITY("linearizability"),
        /// It worked too long, or did not come to an end.
        BOUND("bound"),
        /// An exception escaped.
        ROBUSTNESS("robustness"),
        /// Nothing.
        NONE("");

        private final String text;

        Oracle(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Whether the error was found.
    public boolean found() {
        return ending == Ending.FOUND;
    }

    /// What objected.
    public Oracle oracle() {
        return search.found().map(found -> oracle(found.part())).orElse(Oracle.NONE);
    }

    /// What objects to a part of the machine, as a difference names it.
    static Oracle oracle(String part) {
        String kind = part.contains(":") ? part.substring(0, part.indexOf(':')) : part;
        return switch (kind) {
            case "implementation", "exception" -> Oracle.ROBUSTNESS;
            case "invariant" -> Oracle.INVARIANT;
            case "flush" -> Oracle.FLUSHES;
            case MutantFinder.MEETING -> Oracle.LINEARIZABILITY;
            case "endless", "progress", "work", "preemption" -> Oracle.BOUND;
            default -> Oracle.REFINEMENT;
        };
    }
}
