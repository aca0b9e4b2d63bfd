// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;

/// I4, linear depth: a table's count is the number of its own entries for tables of its level, or
/// minus the number of such entries that refer to it. It never has both.
final class LinearDepth {

    private LinearDepth() {}

    @Clause(
            value = "invariant.linear-depth",
            covers = {"LIN-2", "LIN-4"})
    static Option<String> wrong(Machine machine, Holds.Expected holds) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            int own = holds.ownLinear()[number];
            int uses = holds.usesLinear()[number];
            if (own > 0 && uses > 0) {
                return Option.some(mfn + " has " + own + " linear entries and is named by " + uses);
            }
            if (frame.table().linear() != own - uses) {
                return Option.some(
                        mfn
                                + " counts "
                                + frame.table().linear()
                                + " linear, has "
                                + own
                                + " and is named by "
                                + uses);
            }
        }
        return Option.none();
    }
}
