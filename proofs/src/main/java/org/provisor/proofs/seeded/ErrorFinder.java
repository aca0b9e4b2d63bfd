// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.util.Optional;

/// Looks for something that the implementation does otherwise than the specification says.
///
/// Each implementation has its own classes, and its own finder. Only what is in this package and in
/// the Java library goes between them.
public interface ErrorFinder {

    /// What came of looking.
    ///
    /// @param steps how many steps were compared: a call, and each time it was made again, count
    ///   one
    /// @param nanos how long it took until something was found, or until time was over
    /// @param difference what was found, if anything
    record Search(long steps, long nanos, Optional<Difference> difference) {}

    /// Something that differs.
    ///
    /// @param clause the clause of the specification that decided last
    /// @param part which part of the machine or of the answer differs, without numbers
    /// @param calls how many calls it takes to show it, as few as could be found
    /// @param program these calls, as text that [#differs] understands
    /// @param explanation what each side says, over several lines
    record Difference(String clause, String part, int calls, String program, String explanation) {}

    /// Looks until something is found or time is over.
    ///
    /// @param nanos how long at most, about; making what was found smaller comes on top of it
    Search find(long seed, long nanos);

    /// Whether a program shows any difference on this implementation.
    boolean differs(String program);
}
