// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;

/// I1, reference algebra: a frame's general count is the number of its holders, its type count the
/// number of those that hold it to its type. A frame in use is referred to, unless Xen keeps it.
final class ReferenceAlgebra {

    private ReferenceAlgebra() {}

    @Clause(
            value = "invariant.reference-algebra",
            covers = {"PG-2", "TY-9"})
    static Option<String> wrong(Machine machine, Holds.Expected holds) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            if (frame.refs() != holds.refs()[number]) {
                return Option.some(
                        mfn
                                + " has "
                                + frame.refs()
                                + " general references, held by "
                                + holds.refs()[number]);
            }
            if (frame.use().count() != holds.types()[number]) {
                return Option.some(
                        mfn
                                + " has "
                                + frame.use().count()
                                + " references as "
                                + frame.use().type()
                                + ", held by "
                                + holds.types()[number]);
            }
            if (frame.use().count() > 0 && frame.refs() == 0 && !frame.special()) {
                return Option.some(mfn + " is in use and referred to by nobody");
            }
        }
        return Option.none();
    }
}
