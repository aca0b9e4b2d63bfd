// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.provisor.proofs.mutation.MutatedRules.Killed;

import java.util.Locale;
import java.util.Optional;

/// What came of a mutant.
///
/// @param killed what killed it, if anything
/// @param reason why it is no error; empty if it is one
public record MutantVerdict(RuleMutant mutant, Fate fate, Optional<Killed> killed, String reason) {

    /// How it ended.
    public enum Fate {
        /// Something noticed.
        KILLED,
        /// It was executed, and nothing noticed.
        SURVIVED,
        /// Nothing executes its place.
        UNEXECUTED,
        /// It is listed as no error, and nothing noticed.
        EQUIVALENT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static MutantVerdict of(
            RuleMutant mutant, Optional<Killed> killed, boolean executed, String reason) {
        Fate fate =
                killed.isPresent()
                        ? Fate.KILLED
                        : !reason.isEmpty()
                                ? Fate.EQUIVALENT
                                : executed ? Fate.SURVIVED : Fate.UNEXECUTED;
        return new MutantVerdict(mutant, fate, killed, reason);
    }

    /// Whether it is listed as no error, and is one: the list is wrong.
    public boolean listedWrongly() {
        return fate == Fate.KILLED && !reason.isEmpty();
    }
}
