// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress.seeded;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.provisor.impl.mm.FrameOperations;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.PageType;
import org.provisor.refine.stress.SharedHost;

/// As TwoTypesWanted, but the type word is looked at and written in two steps. The forbidden
/// outcome is found.
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "writable")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "page table")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "both")
@State
public class CheckThenAct {

    private final long mfn = SharedHost.frame(2);

    private boolean taken(final int type) {
        final FrameTable frames = SharedHost.frames();
        if ((frames.type(mfn) & FrameTable.TYPE_REFERENCES) != 0) {
            return false;
        }
        FrameOperations.setType(
                frames, mfn, (long) type << FrameTable.TYPE_SHIFT | FrameTable.VALIDATED | 1);
        return true;
    }

    @Actor
    public void writable(final ZZ_Result r) {
        r.r1 = taken(PageType.WRITABLE);
    }

    @Actor
    public void table(final ZZ_Result r) {
        r.r2 = taken(PageType.L1);
    }
}
