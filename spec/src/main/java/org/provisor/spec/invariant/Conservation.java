// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;

/// I11, conservation: a domain counts exactly the frames it owns, and there is memory enough for
/// all that is claimed.
final class Conservation {

    private Conservation() {}

    @Clause(
            value = "invariant.conservation",
            covers = {"PG-1"})
    static Option<String> wrong(Machine machine) {
        long free = 0;
        for (Frame frame : machine.frames()) {
            free += frame.free() ? 1 : 0;
        }
        long claimed = 0;
        for (Domain domain : machine.domains()) {
            long owned = 0;
            for (Frame frame : machine.frames()) {
                owned += frame.ownedBy(domain.id()) && !frame.special() ? 1 : 0;
            }
            if (owned != domain.totPages()) {
                return Option.some(
                        domain.id() + " counts " + domain.totPages() + " frames, owns " + owned);
            }
            claimed += domain.claim();
        }
        return claimed > free
                ? Option.some(claimed + " frames are claimed, " + free + " are free")
                : Option.none();
    }
}
