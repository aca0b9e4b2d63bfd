// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.x86.Pte;

/// Who holds which frame, counted from what can be seen in a machine and not from its counters.
///
/// | holder                                                   | general | type                     |
/// |----------------------------------------------------------|---------|--------------------------|
/// | the owner's allocation                                   | 1       |                          |
/// | Xen's sharing of a frame                                 |         | 1                        |
/// | a pin                                                    | 1       | 1                        |
/// | being checked or taken apart in part                     | 1       | 1                        |
/// | a vCPU's root, user root, each frame of GDT and LDT      | 1       | 1                        |
/// | a vCPU's unfinished table                                | 1       | 1, unless it goes with partial |
/// | a level 1 entry, read-only / writable                    | 1       | 0 / 1                    |
/// | an entry of a higher table, not naming its own           | 1       | 1                        |
/// | the entry at which a partial table stopped, if held      | 1       |                          |
///
/// Only entries that were checked hold anything: all of a validated table, those before the stop of
/// a partial one, none otherwise.
final class Holds {

    private Holds() {}

    /// What each frame should count, by its number. Filled while counting, and never compared.
    ///
    /// @param refs general references
    /// @param types references to its type
    /// @param ownLinear entries in it for tables of its own level
    /// @param usesLinear such entries elsewhere that name it
    @SuppressWarnings("ArrayRecordComponent")
    record Expected(long[] refs, long[] types, int[] ownLinear, int[] usesLinear) {}

    static Expected count(Machine machine) {
        int size = machine.frames().size();
        Expected holds = new Expected(new long[size], new long[size], new int[size], new int[size]);
        for (int number = 0; number < size; number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            holds.refs[number] +=
                    (frame.allocated() ? 1 : 0)
                            + (frame.use().pinned() ? 1 : 0)
                            + (frame.use().partial() ? 1 : 0);
            holds.types[number] +=
                    (frame.special() && !frame.ownedBy(Domid.XEN) ? 1 : 0)
                            + (frame.ownedBy(Domid.IO) ? 1 : 0)
                            + (frame.use().pinned() ? 1 : 0)
                            + (frame.use().partial() ? 1 : 0);
            if (frame.use().type().isPageTable() && frame.use().count() > 0) {
                entries(machine, mfn, frame, holds);
            }
        }
        for (Domain domain : machine.domains()) {
            for (Vcpu vcpu : domain.vcpus()) {
                vcpu(machine, vcpu, holds);
            }
        }
        return holds;
    }

    private static void entries(Machine machine, Mfn mfn, Frame frame, Expected holds) {
        int end = checkedEntries(machine, frame);
        Contents contents = frame.table().contents();
        for (int slot = contents.present(0); slot < end; slot = contents.present(slot + 1)) {
            Pte entry = contents.entry(slot);
            if (holdsAnything(machine, mfn, frame, slot, entry)) {
                boolean typed = frame.use().type().level() > 1 || entry.writable();
                hold(holds, entry.mfn(), 1, typed ? 1 : 0);
                if (sameLevel(machine, frame, entry.mfn())) {
                    holds.ownLinear[(int) mfn.value()]++;
                    holds.usesLinear[(int) entry.mfn().value()]++;
                }
            }
        }
        if (frame.use().partial() && frame.table().partialEntry()) {
            hold(holds, frame.table().contents().entry(end).mfn(), 1, 0);
        }
    }

    /// How many entries, from the first on, hold their references.
    static int checkedEntries(Machine machine, Frame frame) {
        Validity validity = frame.use().validity();
        return validity == Validity.VALIDATED
                ? machine.profile().slots()
                : validity == Validity.PARTIAL ? frame.table().validated() : 0;
    }

    /// Whether a present entry is of those that hold references.
    private static boolean holdsAnything(
            Machine machine, Mfn mfn, Frame frame, int slot, Pte entry) {
        int level = frame.use().type().level();
        return machine.has(entry.mfn())
                && !machine.frame(entry.mfn()).ownedBy(Domid.IO)
                && (level == 1 || !entry.mfn().equals(mfn))
                && (level < 4 || !machine.profile().isXenSlot(slot));
    }

    private static boolean sameLevel(Machine machine, Frame frame, Mfn target) {
        return frame.use().type().level() > 1
                && machine.frame(target).use().type() == frame.use().type();
    }

    private static void vcpu(Machine machine, Vcpu vcpu, Expected holds) {
        holdRoot(holds, vcpu.root());
        holdRoot(holds, vcpu.userRoot());
        for (Mfn mfn : vcpu.gdt().frames()) {
            hold(holds, mfn, 1, 1);
        }
        for (Mfn mfn : vcpu.ldt().mapped().values()) {
            hold(holds, mfn, 1, 1);
        }
        if (vcpu.unfinished().isDefined()) {
            Unfinished left = vcpu.unfinished().get();
            hold(holds, left.table(), 1, left.partial() ? 0 : 1);
            if (left.hasContainer()
                    && !left.partial()
                    && sameLevel(machine, machine.frame(left.container()), left.table())) {
                holds.ownLinear[(int) left.container().value()]++;
                holds.usesLinear[(int) left.table().value()]++;
            }
        }
    }

    private static void holdRoot(Expected holds, Option<Mfn> root) {
        if (root.isDefined()) {
            hold(holds, root.get(), 1, 1);
        }
    }

    private static void hold(Expected holds, Mfn mfn, int refs, int types) {
        holds.refs[(int) mfn.value()] += refs;
        holds.types[(int) mfn.value()] += types;
    }
}
