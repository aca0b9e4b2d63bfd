// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvBuilder;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.mm.Domain;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;

import java.util.Arrays;

/// A domain that stands still beside a hostile one: whatever that does, this one stays as it is, to
/// the last byte of its memory.
final class Neighbour {

    /// How many pages it has.
    static final int PAGES = 1100;

    private static final int ID = 2;
    private static final Domid DOMID = new Domid(ID);
    private static final int FRAME_BYTES = 4096;

    private final PvMachine machine;
    private final int hostile;
    private final Machine before;
    private final int[] memory;

    /// Builds one, with a kernel that does not run.
    ///
    /// @throws BadImageException if the kernel is none
    Neighbour(final PvMachine machine, final PvKernel kernel) throws BadImageException {
        this.machine = machine;
        hostile = machine.domain().id();
        PvBuilder.build(
                machine.host(),
                new Domain.Config(ID, false, false, PAGES, 1, null, false, false),
                PAGES,
                kernel,
                new byte[0],
                "");
        before = machine();
        memory = memory();
    }

    private Machine machine() {
        return MachineAbstraction.machine(machine.host(), new int[] {hostile, ID});
    }

    /// A digest of each of its frames, 0 for those of others.
    private int[] memory() {
        final int[] digests = new int[before.frames().size()];
        final byte[] bytes = new byte[FRAME_BYTES];
        for (int mfn = 0; mfn < digests.length; mfn++) {
            if (before.frames().get(mfn).ownedBy(DOMID)) {
                machine.memory().copyOut((long) mfn * FRAME_BYTES, bytes, 0, FRAME_BYTES);
                digests[mfn] = Arrays.hashCode(bytes);
            }
        }
        return digests;
    }

    /// What is wrong with it, or with the machine, on one line; empty if nothing is.
    String wrong() {
        final Machine after = machine();
        final var violated = Invariant.violated(after);
        if (violated.isDefined()) {
            return violated.get().toString();
        }
        if (!after.domain(DOMID).equals(before.domain(DOMID))) {
            return "the domain beside it has changed: "
                    + before.domain(DOMID)
                    + "; now "
                    + after.domain(DOMID);
        }
        final Frames frames = after.frames();
        for (int mfn = 0; mfn < frames.size(); mfn++) {
            final Frame then = before.frames().get(mfn);
            final Frame now = frames.get(mfn);
            if ((then.ownedBy(DOMID) || now.ownedBy(DOMID)) && !then.equals(now)) {
                return "a frame of the domain beside it has changed: mfn 0x%x was %s and is %s"
                        .formatted(mfn, then, now);
            }
        }
        final int changed = Arrays.mismatch(memory, memory());
        return changed < 0
                ? ""
                : "memory of the domain beside it has changed: mfn 0x%x".formatted(changed);
    }
}
