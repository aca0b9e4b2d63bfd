// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress.seeded;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.refine.stress.Entry;
import org.provisor.refine.stress.OwnMachine;

/// As StampAgainstFlush, but the time is read before the reference is dropped: the store of the
/// entry may not be visible yet. The forbidden outcome is found.
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "found, and a flush is owed")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "a flush is owed needlessly")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "gone before the flush")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "found, and no flush is owed")
@State
public class StampBeforeDrop {

    private static final long PROCESSOR = 1;

    private final FlushClock clock = new OwnMachine().clock();
    private final Entry entry = new Entry();
    private long stamp;

    @Actor
    public void unmap() {
        entry.clear();
        stamp = clock.now();
    }

    @Actor
    public void flushAndWalk(final ZZ_Result r) {
        clock.flush(PROCESSOR);
        r.r1 = entry.present();
    }

    @Arbiter
    public void end(final ZZ_Result r) {
        r.r2 = clock.notFlushedSince(PROCESSOR, stamp) != 0;
    }
}
