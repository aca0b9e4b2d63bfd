// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.x86.Pte;

/// I2, writable or special: a frame in use as a page table or for descriptors is mapped writable by
/// no page table, and no TLB has an old writable translation of it.
final class WritableXorTable {

    private WritableXorTable() {}

    @Clause(
            value = "invariant.writable-xor-table",
            covers = {"L1-5", "SEG-3", "TY-1"})
    static Option<String> wrong(Machine machine) {
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            if (guarded(frame) && frame.stale()) {
                return Option.some(
                        mfn
                                + " is in use as "
                                + frame.use().type()
                                + " while a TLB may still allow writing to it");
            }
            if (frame.use().type() == PageType.L1 && frame.use().validated()) {
                Option<String> wrong = mapsGuarded(machine, mfn, frame);
                if (wrong.isDefined()) {
                    return wrong;
                }
            }
        }
        return Option.none();
    }

    private static boolean guarded(Frame frame) {
        return frame.use().count() > 0
                && (frame.use().type().isPageTable() || frame.use().type() == PageType.SEG_DESC);
    }

    private static Option<String> mapsGuarded(Machine machine, Mfn mfn, Frame table) {
        Contents contents = table.table().contents();
        int end = machine.profile().slots();
        for (int slot = contents.present(0); slot < end; slot = contents.present(slot + 1)) {
            Pte entry = contents.entry(slot);
            if (entry.writable()
                    && machine.has(entry.mfn())
                    && guarded(machine.frame(entry.mfn()))) {
                return Option.some(
                        "slot "
                                + slot
                                + " of "
                                + mfn
                                + " maps writable "
                                + entry.mfn()
                                + ", in use as "
                                + machine.frame(entry.mfn()).use().type());
            }
        }
        return Option.none();
    }
}
