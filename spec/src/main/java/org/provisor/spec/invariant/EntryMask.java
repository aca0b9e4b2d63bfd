// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.x86.Pte;

/// I3, entry mask: a checked entry of a 64-bit guest has no large page, no memory type unless its
/// owner may choose one, no global bit above level 1, and is marked for ring 3. An entry that leads
/// to another table leads to one of the same owner.
///
/// The flags are stated here anew, bit by bit, not taken from the rule.
final class EntryMask {

    private EntryMask() {}

    @Clause(
            value = "invariant.entry-mask",
            covers = {"L1-1", "L2-1", "L3-1"})
    static Option<String> wrong(Machine machine) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            if (!frame.use().type().isPageTable()
                    || frame.use().count() == 0
                    || !machine.has(frame.owner())) {
                continue;
            }
            Domain owner = machine.domain(frame.owner());
            int end = owner.bits32() ? 0 : Holds.checkedEntries(machine, frame);
            Contents contents = frame.table().contents();
            for (int slot = contents.present(0); slot < end; slot = contents.present(slot + 1)) {
                Pte entry = contents.entry(slot);
                boolean guests =
                        frame.use().type().level() < 4 || !machine.profile().isXenSlot(slot);
                if (guests && bad(machine, frame, entry, owner)) {
                    return Option.some(
                            "slot "
                                    + slot
                                    + " of "
                                    + mfn
                                    + " ("
                                    + frame.use().type()
                                    + "): "
                                    + entry);
                }
            }
        }
        return Option.none();
    }

    private static boolean bad(Machine machine, Frame frame, Pte entry, Domain owner) {
        int level = frame.use().type().level();
        boolean types = entry.has(1L << 3 | 1L << 4 | 1L << 7);
        if (level == 1) {
            return !entry.has(1L << 2) || (types && !owner.io().mayChooseMemoryType());
        }
        boolean foreign =
                machine.has(entry.mfn())
                        && !machine.frame(entry.mfn()).ownedBy(frame.owner())
                        && !machine.frame(entry.mfn()).ownedBy(Domid.IO);
        return !entry.has(1L << 2) || types || entry.has(1L << 8) || foreign;
    }
}
