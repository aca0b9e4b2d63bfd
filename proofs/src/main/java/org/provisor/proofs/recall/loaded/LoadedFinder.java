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

import java.util.concurrent.TimeUnit;

/// The campaign as it always is, on the implementation that this class was loaded with.
public final class LoadedFinder implements MutantFinder {

    /// How long what was found may be made smaller.
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// If the machine is so busy that a processor's time passes so much slower, it is over too.
    private static final int PATIENCE = 20;

    @Override
    public Search find(long seed, long cpuNanos) {
        ProcessorTime time = new ProcessorTime(Thread.currentThread(), cpuNanos);
        CampaignResult result =
                new Campaign(() -> time.measured(subject()))
                        .seed(seed)
                        .budgetNanos(PATIENCE * cpuNanos)
                        .shrinkNanos(SHRINK_NANOS)
                        .run();
        time.end();
        return new Search(
                result.steps(),
                result.programs(),
                time.nanos(),
                result.differences().stream().map(LoadedFinder::said).findFirst());
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
        try (Subject subject = subject()) {
            return Replay.run(TraceText.parse("", program), subject, _ -> {})
                    instanceof Verdict.Differs;
        }
    }
}
