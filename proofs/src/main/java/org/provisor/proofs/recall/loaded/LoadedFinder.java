// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall.loaded;

import org.provisor.proofs.recall.MutantFinder;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The campaign as it always is, on the implementation that this class was loaded with.
public final class LoadedFinder implements MutantFinder {

    /// How long what was found may be made smaller.
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// If the machine is so busy that a processor's time passes so much slower, it is over too.
    private static final int PATIENCE = 20;

    @Override
    public Search find(long seed, long steps, long cpuNanos) {
        ProcessorTime time = new ProcessorTime(Thread.currentThread(), cpuNanos);
        CampaignResult result;
        try {
            result = campaign(time, seed, steps, cpuNanos);
        } catch (IllegalStateException e) {
            return new Search(0, 0, time.nanos(), Optional.of(broken(e)));
        } finally {
            time.end();
            Stop.all();
        }
        return new Search(
                result.steps(),
                result.programs(),
                time.nanos(),
                result.differences().stream().map(LoadedFinder::said).findFirst());
    }

    private static CampaignResult campaign(
            ProcessorTime time, long seed, long steps, long cpuNanos) {
        boolean timed = cpuNanos <= Long.MAX_VALUE / PATIENCE;
        return new Campaign(() -> time.measured(subject()))
                .seed(seed)
                .steps(steps)
                .budgetNanos(timed ? PATIENCE * cpuNanos : Long.MAX_VALUE)
                .shrinkNanos(SHRINK_NANOS)
                .run();
    }

    /// Not even a machine could be started, or what went wrong is nothing that a call does.
    private static Found broken(IllegalStateException e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new Found(
                "none",
                "implementation: " + cause.getClass().getSimpleName(),
                0,
                Found.NO_PROGRAM,
                trace.toString().indent(2).replaceAll("(?m)^ ", "#"));
    }

    private static Subject subject() {
        return new ImplSubject(Switches.ALL);
    }

    private static Found said(Finding found) {
        return new Found(
                found.differs().clause(),
                found.differs().part(),
                found.calls(),
                TraceText.print(found.shrunk()),
                found.trace());
    }

    @Override
    public boolean differs(String program) {
        if (program.equals(Found.NO_PROGRAM)) {
            return false;
        }
        try (Subject subject = subject()) {
            return Replay.run(TraceText.parse("", program), subject, _ -> {})
                    instanceof Verdict.Differs;
        }
    }
}
