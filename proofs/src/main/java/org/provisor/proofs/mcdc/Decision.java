// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import java.util.List;

/// A decision in the code.
///
/// @param id `spec/PageTypes.put/decision-2`: the second of the method, which stays the same while
///   the method does
/// @param number under which its evaluations are noted
/// @param source the file, below the sources of its module
/// @param line of the source on which it begins
/// @param conditions in the order in which they are evaluated; of a switch the ways
/// @param isSwitch whether it has as many outcomes as conditions
public record Decision(
        String id,
        int number,
        String source,
        int line,
        List<Condition> conditions,
        boolean isSwitch) {

    /// Where a condition leads if it leaves the decision.
    static final int FALSE = -1;

    /// The other one: where the code goes on after the last condition.
    static final int TRUE = -2;

    public Decision {
        conditions = List.copyOf(conditions);
    }

    /// A condition.
    ///
    /// @param line of the source
    /// @param text what is asked, as far as it can be read from the code
    /// @param whenFalse the condition asked next, or [#FALSE] or [#TRUE]
    /// @param whenTrue the same if it holds
    public record Condition(int line, String text, int whenFalse, int whenTrue) {}

    /// The identifier of a condition: `spec/PageTypes.put/decision-2.1`.
    ///
    /// @param index from 0
    public String id(int index) {
        return id + "." + (index + 1);
    }
}
