// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Answer;

import java.util.List;

/// A Xen whose domain has nearly all memory: what a call gives back is all that it can get.
class ScarceMemoryTest {

    private static final long CALLS = CallMemory.START;
    private static final long SELF = 0x7FF0;
    private static final int MEMORY_OP = 12;
    private static final int INCREASE = 0;
    private static final int DECREASE = 1;
    private static final int EXCHANGE = 11;

    private static void act(Run run, Action action) {
        Verdict verdict = run.perform(action);
        assertInstanceOf(Verdict.Agreed.class, verdict, verdict.toString());
    }

    private static void poke(Run run, long linear, long value) {
        act(run, new Action.Poke(0, linear, Operand.of(value)));
    }

    private static void call(Run run, int operation) {
        act(
                run,
                new Action.Call(
                        0,
                        0,
                        Operand.of(MEMORY_OP),
                        List.of(Operand.of(operation), Operand.of(CALLS)),
                        Stimulus.NONE));
    }

    private static void reservation(Run run, long at, long extents, long count) {
        poke(run, at, extents);
        poke(run, at + 8, count);
        poke(run, at + 16, 0);
        poke(run, at + 24, SELF);
    }

    private static void name(Run run, long at, int frame) {
        act(run, new Action.Poke(0, at, Operand.number(FrameName.of(0, frame))));
    }

    /// Takes all that is left, and gives one frame back.
    private static void takeAllButOne(Run run) {
        long count = 200;
        do {
            reservation(run, CALLS, 0, count);
            call(run, INCREASE);
        } while (run.answer() instanceof Answer.Returned(long got) && got == count);
        reservation(run, CALLS, CALLS + 0x200, 1);
        name(run, CALLS + 0x200, 40);
        call(run, DECREASE);
    }

    /// Xen allocates for the second extent what it was given for the first. Nobody is told of it:
    /// its entry cannot be written.
    @Test
    void exchangeForWhatWasJustGiven() throws InterruptedException {
        QemuXen.Setup setup =
                InstalledXen.setup()
                        .withOptions("loglvl=warning guest_loglvl=error dom0_mem=-2M,max:64M");
        try (XenSubject subject = new XenSubject(setup, true)) {
            Run run = subject.start(XenSubject.worldOf(setup));
            takeAllButOne(run);
            long last = CALLS + CallMemory.WRITABLE - Long.BYTES;
            poke(run, last, 0x77);
            poke(run, last + 8, 0x78);
            reservation(run, CALLS, CALLS + 0x200, 2);
            reservation(run, CALLS + 32, last, 2);
            poke(run, CALLS + 64, 0);
            name(run, CALLS + 0x200, 30);
            name(run, CALLS + 0x208, 31);
            call(run, EXCHANGE);
            assertEquals(new Answer.Returned(-14), run.answer());
            assertInstanceOf(Verdict.Agreed.class, run.finish());
        }
    }
}
