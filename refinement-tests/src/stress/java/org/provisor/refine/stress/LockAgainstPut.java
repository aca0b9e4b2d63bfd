// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.provisor.impl.mm.FrameOperations;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.PageTypes;

/// A page table is locked while the last other reference is dropped: never is the lock the only
/// reference, since unlocking takes no table apart. Whether it was locked, with how many type
/// references as seen with the lock held, and with how many afterwards.
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "locked; the other waits")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "no table any more")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class LockAgainstPut {

    private final long mfn = SharedHost.frame(2);

    public LockAgainstPut() {
        PageTypes.get(SharedHost.vcpu(0), mfn, PageType.L1);
    }

    @Actor
    public void lock(final III_Result r) {
        if (FrameOperations.lock(SharedHost.frames(), mfn)) {
            r.r1 = 1;
            r.r2 = SharedHost.typeReferences(mfn);
            FrameOperations.unlock(SharedHost.frames(), mfn);
        }
    }

    @Actor
    public void put() {
        PageTypes.put(SharedHost.vcpu(1), mfn);
    }

    @Arbiter
    public void end(final III_Result r) {
        r.r3 = SharedHost.typeReferences(mfn);
    }
}
