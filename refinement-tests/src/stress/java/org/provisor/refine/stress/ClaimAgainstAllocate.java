// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.MachineMemory;

/// The last free frame is claimed and allocated at once: one of the two has it.
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "claimed")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "allocated")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class ClaimAgainstAllocate {

    private static final MachineMemory MEMORY = MachineMemory.ofFrames(1);

    private final FrameAllocator allocator = new FrameAllocator(MEMORY);

    public ClaimAgainstAllocate() {
        allocator.free(0, 1);
    }

    @Actor
    public void claim(final ZZ_Result r) {
        r.r1 = allocator.tryClaim(1);
    }

    @Actor
    public void allocate(final ZZ_Result r) {
        r.r2 = allocator.allocate(0, 40, 0) != FrameAllocator.NONE;
    }
}
