// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;

/// A machine for one state of a test, with one frame: where the processors' clock counts, which
/// states on one machine would have in common. What stands in its memory does not matter, and is
/// the same for all.
public final class OwnMachine {

    private static final int DOMAIN = 1;
    private static final int FRAMES = 16;
    private static final MachineMemory MEMORY = MachineMemory.ofFrames(FRAMES);

    private final Host host =
            new Host(MEMORY, new FlushClock(1, new NoTlb()), SharedHost.WITHOUT_TRACE);

    private final Domain owner =
            host.create(new Domain.Config(DOMAIN, false, false, 1, 1, null, false, false));

    private final long mfn = host.give(owner);

    public FlushClock clock() {
        return host.clock();
    }

    public Vcpu vcpu() {
        return owner.vcpu(0);
    }

    public FrameTable frames() {
        return host.frames();
    }

    /// The frame, allocated to the vCPU's domain and without a type.
    public long frame() {
        return mfn;
    }
}
