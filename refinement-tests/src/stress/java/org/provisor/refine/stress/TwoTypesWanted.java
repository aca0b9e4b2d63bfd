// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.PageTypes;

/// A frame in use by nobody is wanted as writable and as a page table at once: one of the two gets
/// it.
@JCStressTest
@Outcome(id = "0, -22, 7, 1", expect = Expect.ACCEPTABLE, desc = "writable")
@Outcome(id = "-22, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "page table")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class TwoTypesWanted {

    private final long mfn = SharedHost.frame(2);

    @Actor
    public void writable(final IIII_Result r) {
        r.r1 = PageTypes.get(SharedHost.vcpu(0), mfn, PageType.WRITABLE);
    }

    @Actor
    public void table(final IIII_Result r) {
        r.r2 = PageTypes.get(SharedHost.vcpu(1), mfn, PageType.L1);
    }

    @Arbiter
    public void end(final IIII_Result r) {
        r.r3 = SharedHost.type(mfn);
        r.r4 = SharedHost.typeReferences(mfn);
    }
}
