// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;

/// I20, residue zero: who owns a frame exists, and a dead domain still exists only because of
/// frames that others hold.
final class Residue {

    private Residue() {}

    @Clause(
            value = "invariant.residue",
            covers = {"PA-6"})
    static Option<String> wrong(Machine machine) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Frame frame = machine.frame(new Mfn(number));
            if (frame.owner().value() < Domid.FIRST_RESERVED && !machine.has(frame.owner())) {
                return Option.some(new Mfn(number) + " is owned by " + frame.owner() + ", gone");
            }
        }
        for (Domain domain : machine.domains()) {
            boolean held = machine.frames().exists(f -> f.ownedBy(domain.id()) && f.refs() > 0);
            if (domain.life() == Life.DEAD && !held) {
                return Option.some(domain.id() + " is dead, nobody holds it, and still there");
            }
        }
        return Option.none();
    }
}
