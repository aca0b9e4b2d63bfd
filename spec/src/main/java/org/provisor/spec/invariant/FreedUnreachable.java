// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;

/// I7, freed means unreachable: no page table, root, descriptor table or unfinished teardown leads
/// to a free frame, and nothing of its former life is left on it.
final class FreedUnreachable {

    private FreedUnreachable() {}

    @Clause(
            value = "invariant.freed-unreachable",
            covers = {"PG-5", "PG-10"})
    static Option<String> wrong(Machine machine, Holds.Expected holds) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Frame frame = machine.frame(new Mfn(number));
            if (frame.free() && (holds.refs()[number] != 0 || !frame.equals(Frame.FREE))) {
                return Option.some(
                        new Mfn(number)
                                + " is free, held by "
                                + holds.refs()[number]
                                + ": "
                                + frame);
            }
        }
        return Option.none();
    }
}
