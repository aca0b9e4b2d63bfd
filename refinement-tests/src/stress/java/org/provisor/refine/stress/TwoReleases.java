// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.provisor.impl.mm.FrameOperations;

/// A frame is given back twice at once: the owner's allocation is one reference, and goes once.
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "those of the two threads are left")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class TwoReleases {

    private final long mfn = SharedHost.frame(2);

    @Actor
    public void first() {
        FrameOperations.release(SharedHost.host(), mfn);
    }

    @Actor
    public void second() {
        FrameOperations.release(SharedHost.host(), mfn);
    }

    @Arbiter
    public void end(final I_Result r) {
        r.r1 = SharedHost.references(mfn);
    }
}
