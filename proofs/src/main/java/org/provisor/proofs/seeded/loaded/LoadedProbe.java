// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;
import org.provisor.refine.xen.XenSubject;

import java.util.List;
import java.util.Optional;

/// The campaign by the kernel that also runs below a real Xen, on the implementation that this
/// class was loaded with.
public final class LoadedProbe implements ErrorFinder {

    @Override
    public Search find(long seed, long nanos) {
        World world;
        long start = System.nanoTime();
        try {
            world = XenSubject.worldOf(XenSubject.OWN);
        } catch (RuntimeException e) {
            // The machine, or the exception that it ended with.
            String why = String.valueOf(e);
            return new Search(
                    0,
                    System.nanoTime() - start,
                    Optional.of(new Difference("none", "does not start", 0, "", why)));
        }
        return LoadedCampaign.search(
                new Campaign(() -> new XenSubject(XenSubject.OWN, world, false))
                        .seed(seed)
                        .budgetNanos(nanos)
                        .worlds(List.of(world))
                        .excused(Unreached.onXen())
                        .run());
    }

    @Override
    public boolean differs(String program) {
        if (program.isEmpty()) {
            return false;
        }
        try (Subject subject = new XenSubject(XenSubject.OWN, false)) {
            return Replay.run(TraceText.parse("", program), subject, _ -> {})
                    instanceof Verdict.Differs;
        }
    }
}
