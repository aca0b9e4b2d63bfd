// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;

/// What came of one thing done to both.
public sealed interface Verdict {

    /// Both did the same.
    ///
    /// @param steps how many steps it took: a call and each time it was made again count one
    /// @param rows the rows of the specification that decided, as `clause/row`, in reverse order
    record Agreed(int steps, List<String> rows) implements Verdict {}

    /// The specification says nothing of what was asked; the other did nothing.
    record Unspecified(String reason) implements Verdict {}

    /// They differ.
    ///
    /// @param clause the clause that decided last
    /// @param part which part of the machine or of the answer differs, without numbers, so that two
    ///   differences of the same kind have the same
    /// @param explanation what each says, over several lines
    record Differs(String clause, String part, String explanation) implements Verdict {}
}
