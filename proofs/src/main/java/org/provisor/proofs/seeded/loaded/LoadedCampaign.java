// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The campaign as it always is, on the implementation that this class was loaded with.
public final class LoadedCampaign implements ErrorFinder {

    @Override
    public Search find(long seed, long nanos) {
        CampaignResult result =
                new Campaign(LoadedCampaign::subject).seed(seed).budgetNanos(nanos).run();
        return search(result);
    }

    /// What came of a campaign.
    static Search search(CampaignResult result) {
        return new Search(
                result.steps(),
                result.nanos(),
                result.differences().stream().map(LoadedCampaign::said).findFirst());
    }

    private static Subject subject() {
        return new ImplSubject(Switches.ALL);
    }

    private static Difference said(Finding found) {
        return new Difference(
                found.differs().clause(),
                found.differs().part(),
                found.calls(),
                TraceText.print(found.shrunk()),
                Stream.concat(found.differs().explanation().lines(), found.seenOn().stream())
                        .collect(Collectors.joining("\n")));
    }

    @Override
    public boolean differs(String program) {
        try (Subject subject = subject()) {
            return Replay.run(TraceText.parse("", program), subject, _ -> {})
                    instanceof Verdict.Differs;
        }
    }
}
