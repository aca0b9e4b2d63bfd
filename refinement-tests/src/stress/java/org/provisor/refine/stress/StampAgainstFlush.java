// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.PageTypes;
import org.provisor.impl.tlb.FlushClock;

/// A writable mapping is taken away and its reference dropped, while the processor is flushed and
/// walks the tables afterwards. Whether the processor found the mapping, and whether a flush is
/// still owed before the frame is used otherwise: if it was found after the flush, it is.
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "found, and a flush is owed")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "a flush is owed needlessly")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "gone before the flush")
@Outcome(expect = Expect.FORBIDDEN)
@State
public class StampAgainstFlush {

    private static final long PROCESSOR = 1;

    private final OwnMachine machine = new OwnMachine();
    private final FlushClock clock = machine.clock();
    private final long mfn = machine.frame();
    private final Entry entry = new Entry();

    public StampAgainstFlush() {
        PageTypes.get(machine.vcpu(), mfn, PageType.WRITABLE);
    }

    @Actor
    public void unmap() {
        entry.clear();
        PageTypes.put(machine.vcpu(), mfn);
    }

    @Actor
    public void flushAndWalk(final ZZ_Result r) {
        clock.flush(PROCESSOR);
        r.r1 = entry.present();
    }

    @Arbiter
    public void end(final ZZ_Result r) {
        r.r2 = clock.notFlushedSince(PROCESSOR, machine.frames().stamp(mfn)) != 0;
    }
}
