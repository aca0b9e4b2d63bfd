// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuUpdate;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Scenes with page tables that several examples start from: a level 4 table 0x16 leads to the
/// level 3 table 0x13, that to the level 2 table 0x12, that to the level 1 table 0x10, which maps
/// 0x14 writable. All are the guest d1's, all lie in slot 0.
final class Trees {

    /// The domain of most examples.
    static final Domid ONE = new Domid(1);

    /// Another guest.
    static final Domid TWO = new Domid(2);

    /// A 32-bit guest, see {@link #with32Bit}.
    static final Domid THREE = new Domid(3);

    /// No request was done.
    static final String NONE_DONE = "write 0 at va 20000, 4 bytes";

    /// One request was done.
    static final String ONE_DONE = "write 1 at va 20000, 4 bytes";

    /// The flush that is owed after a change of a higher table of d1's.
    static final String FLUSH = "flush Domain[domain=d1]";

    private Trees() {}

    /// The entries are written, and nothing is a table yet.
    static Scene written() {
        return Scene.usual()
                .entry(0x10, 0, Scene.writable(0x14))
                .entry(0x12, 0, Scene.writable(0x10))
                .entry(0x13, 0, Scene.writable(0x12))
                .entry(0x16, 0, Scene.writable(0x13));
    }

    /// The level 1 table is pinned.
    static Scene pinnedL1() {
        return written().mmuext(D1, MmuextCommand.PIN_L1_TABLE, 0x10);
    }

    /// The level 2 table is pinned.
    static Scene pinnedL2() {
        return written().mmuext(D1, MmuextCommand.PIN_L2_TABLE, 0x12);
    }

    /// The level 3 table is pinned.
    static Scene pinnedL3() {
        return written().mmuext(D1, MmuextCommand.PIN_L3_TABLE, 0x13);
    }

    /// The level 4 table is pinned.
    static Scene pinnedL4() {
        return written().mmuext(D1, MmuextCommand.PIN_L4_TABLE, 0x16);
    }

    /// The level 4 table is the root of d1's first vCPU.
    static Scene rooted() {
        return written().mmuext(D1, MmuextCommand.NEW_BASEPTR, 0x16);
    }

    /// The first vCPU of the control domain d0 has the root 0xb, which leads to 0xa, 0x9 and the
    /// level 1 table 0x8.
    static Scene controlRooted(Scene scene) {
        return scene.entry(0x9, 0, Scene.writable(0x8))
                .entry(0xa, 0, Scene.writable(0x9))
                .entry(0xb, 0, Scene.writable(0xa))
                .mmuext(Scene.D0, MmuextCommand.NEW_BASEPTR, 0xb);
    }

    /// The control domain d0 has the empty level 1 table 0x8.
    static Scene controlL1() {
        return Scene.usual().mmuext(Scene.D0, MmuextCommand.PIN_L1_TABLE, 0x8);
    }

    /// An empty level 3 table is pinned; the level 2 table is not checked yet.
    static Scene emptyL3() {
        return written().entry(0x13, 0, Pte.EMPTY).mmuext(D1, MmuextCommand.PIN_L3_TABLE, 0x13);
    }

    /// With a 32-bit guest d3 that has the frames 0x30 to 0x3b.
    static Scene with32Bit() {
        return Scene.usual().domain(Domain.guest(THREE, 32, 2).as32Bit(), 0x30, 0x3b);
    }

    /// The same after the control domain did one operation of `mmuext_op` for another domain.
    static Scene mmuext(Scene scene, Domid owner, MmuextCommand command, long mfn) {
        return scene.list(MmuextOp.of(command, mfn))
                .call(Scene.D0, Scene.mmuext(1, ForeignDomains.of(owner)));
    }

    /// The same after one operation of `mmuext_op` that was preempted.
    static Scene preempted(Scene scene, MmuextCommand command, long mfn, int patience) {
        return scene.list(MmuextOp.of(command, mfn))
                .then(
                        D1,
                        new Event.Call(Scene.mmuext(1, ForeignDomains.SELF)),
                        Choices.preemptedAfter(patience));
    }

    /// An example of one request of `mmu_update` by d1 for itself.
    static Example request(String row, String title, Scene scene, MmuUpdate request) {
        return request(row, title, scene, D1, ForeignDomains.SELF, request);
    }

    /// An example of one request of `mmu_update`.
    static Example request(
            String row,
            String title,
            Scene scene,
            VcpuId by,
            ForeignDomains domains,
            MmuUpdate request) {
        Event event = new Event.Call(Scene.mmuUpdate(1, domains));
        return Example.of(row, title, scene.list(request), by, event);
    }

    /// The plain request to change one entry.
    static MmuUpdate set(long table, int slot, Pte entry) {
        return Scene.update(MmuCommand.NORMAL_PT_UPDATE, table, slot, entry);
    }

    /// The request to change one entry that keeps accessed and dirty bits.
    static MmuUpdate keeping(long table, int slot, Pte entry) {
        return Scene.update(MmuCommand.PT_UPDATE_PRESERVE_AD, table, slot, entry);
    }

    /// The answer that a call is made again.
    static String again(Invocation call) {
        return Example.say(new Answer.Continued(call));
    }

    /// The answer that a call of `mmu_update` is made again with its result.
    static String carrying(int result) {
        return again(Invocation.MmuUpdateCall.carrying(result));
    }
}
