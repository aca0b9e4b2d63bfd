// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.PageTypes;

/// The last reference to the type writable is dropped while one more is wanted: it is had in any
/// case.
@JCStressTest
@Outcome(id = "0, 7, 1", expect = Expect.ACCEPTABLE, desc = "in either order")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class SameTypeGetAgainstPutToZero {

    private final long mfn = SharedHost.frame(2);

    public SameTypeGetAgainstPutToZero() {
        PageTypes.get(SharedHost.vcpu(0), mfn, PageType.WRITABLE);
    }

    @Actor
    public void put() {
        PageTypes.put(SharedHost.vcpu(0), mfn);
    }

    @Actor
    public void get(final III_Result r) {
        r.r1 = PageTypes.get(SharedHost.vcpu(1), mfn, PageType.WRITABLE);
    }

    @Arbiter
    public void end(final III_Result r) {
        r.r2 = SharedHost.type(mfn);
        r.r3 = SharedHost.typeReferences(mfn);
    }
}
