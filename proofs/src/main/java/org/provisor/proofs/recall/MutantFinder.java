// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import java.util.Optional;

/// A campaign on the implementation that it was loaded with. Only what is in this package and in
/// the Java library goes between implementations.
public interface MutantFinder {

    /// What the part that differs begins with, where calls of two vCPUs met.
    String MEETING = "meeting";

    /// What came of a campaign.
    ///
    /// @param steps how many steps were compared
    /// @param programs how many programs were played
    /// @param cpuNanos how much time of a processor it took, until something was found if it was
    /// @param found what was found, if anything
    record Search(long steps, long programs, long cpuNanos, Optional<Found> found) {

        /// This and one behind it.
        Search and(Search later) {
            return new Search(
                    steps + later.steps,
                    programs + later.programs,
                    cpuNanos + later.cpuNanos,
                    later.found);
        }
    }

    /// Something that differs.
    ///
    /// @param clause the clause of the specification that decided last
    /// @param part which part of the machine or of the answer differs, without numbers
    /// @param calls how many calls it takes to show it, as few as could be found
    /// @param program these calls, as text that [#differs] understands
    /// @param trace the same, with what each side says
    record Found(String clause, String part, int calls, String program, String trace) {

        /// In place of a program: it went wrong before there was one.
        public static final String NO_PROGRAM = "";
    }

    /// Looks until something is found, or so many steps were compared, or a processor has worked
    /// for so long.
    Search find(long seed, long steps, long cpuNanos);

    /// Whether a program shows any difference on this implementation.
    boolean differs(String program);
}
