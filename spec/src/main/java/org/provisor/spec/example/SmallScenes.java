// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation.SetGdtCall;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Profile;
import org.provisor.spec.transition.Event;

/// Scenes on tables of few slots, where a preemption check is soon reached.
final class SmallScenes {

    /// The destruction of d1.
    static final Event.Destroy DESTROY = new Event.Destroy(new Domid(1));

    private SmallScenes() {}

    /// The frames and domains of {@link Scene#usual}, with tables of so many slots.
    static Scene usual(int slots) {
        return usual(Profile.small(slots));
    }

    /// The frames and domains of {@link Scene#usual}, under another profile.
    static Scene usual(Profile profile) {
        Machine machine = Scene.usual().machine();
        return new Scene(
                new Machine(profile, machine.frames(), machine.domains()),
                GuestRam.empty(profile.slots()),
                Vector.empty());
    }

    /// A machine to destroy d1 in: 12 frames; d0 has 2 and 3, d1 those from 4 to `last`. Each has
    /// one vCPU.
    static Scene tiny(int slots, int last) {
        return Scene.of(Profile.small(slots), 12)
                .frame(0, Frame.MMIO)
                .frame(1, Frame.XEN)
                .domain(Domain.privileged(new Domid(0), 8, 1), 2, 3)
                .domain(Domain.guest(new Domid(1), 8, 1), 4, last);
    }

    /// {@link #tiny} with frame 4 mapped read-only by d0, in its table 2.
    static Scene mappedByControl(int last) {
        return mapped(tiny(2, last));
    }

    /// Such a scene with frame 4 mapped read-only by d0, in its table 2.
    static Scene mapped(Scene tiny) {
        return tiny.mmuext(D0, MmuextCommand.PIN_L1_TABLE, 2)
                .list(Scene.update(MmuCommand.NORMAL_PT_UPDATE, 2, 0, Scene.readOnly(4)))
                .call(D0, Scene.mmuUpdate(1, ForeignDomains.of(new Domid(1))));
    }

    /// {@link #tiny} with the root 4 for d1's vCPU, whose first entry leads to the empty level 3
    /// table 5; d1 has no other frame.
    static Scene root(int slots) {
        return tiny(slots, 5)
                .entry(4, 0, Scene.writable(5))
                .mmuext(D1, MmuextCommand.NEW_BASEPTR, 4);
    }

    /// {@link #tiny} with the empty root 4 and the descriptors 5 for d1's vCPU.
    static Scene rootAndDescriptors() {
        return tiny(2, 5)
                .mmuext(D1, MmuextCommand.NEW_BASEPTR, 4)
                .structure(Scene.LIST, Bytes.zero(8).with(0, 8, 5))
                .call(D1, new SetGdtCall(Scene.LIST, 1));
    }

    /// Frame 0x12 of d1, an empty level 2 table of so many slots, pinned.
    static Scene pinnedL2(int slots) {
        return usual(slots).mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12);
    }

    /// Frame 0x13 of d1, a level 3 table of two slots, the first for the empty level 2 table 0x12.
    static Scene l3() {
        return usual(2).entry(0x13, 0, Scene.writable(0x12));
    }
}
