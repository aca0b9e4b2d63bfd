// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.provisor.impl.mm.FrameOperations;

/// A frame is given back while the only other reference is dropped: one of the two is the last, and
/// frees the frame.
@JCStressTest
@Outcome(id = "true, false, 0", expect = Expect.ACCEPTABLE, desc = "given back last")
@Outcome(id = "false, true, 0", expect = Expect.ACCEPTABLE, desc = "dropped last")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class ReleaseAgainstPut {

    private final long mfn = SharedHost.frame(2);

    @Actor
    public void giveBack(final ZZI_Result r) {
        FrameOperations.release(SharedHost.host(), mfn);
        r.r1 = FrameOperations.dropped(SharedHost.frames(), mfn);
    }

    @Actor
    public void put(final ZZI_Result r) {
        r.r2 = FrameOperations.dropped(SharedHost.frames(), mfn);
    }

    @Arbiter
    public void end(final ZZI_Result r) {
        r.r3 = SharedHost.references(mfn);
    }
}
