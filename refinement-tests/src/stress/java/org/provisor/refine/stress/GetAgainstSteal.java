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

/// A frame is taken out of its owner's hands while somebody refers to it.
@JCStressTest
@Outcome(id = "true, false, 2", expect = Expect.ACCEPTABLE, desc = "referred to")
@Outcome(id = "false, true, 0", expect = Expect.ACCEPTABLE, desc = "stolen")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class GetAgainstSteal {

    private final long mfn = SharedHost.frame(0);

    @Actor
    public void get(final ZZI_Result r) {
        r.r1 = SharedHost.host().get(mfn, SharedHost.DOMAIN);
    }

    @Actor
    public void steal(final ZZI_Result r) {
        r.r2 = FrameOperations.steal(SharedHost.host(), SharedHost.owner(), mfn);
    }

    @Arbiter
    public void end(final ZZI_Result r) {
        r.r3 = SharedHost.references(mfn);
    }
}
