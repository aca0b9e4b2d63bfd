// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.refine.concurrent.ConcurrentCampaign;
import org.provisor.refine.concurrent.ConcurrentRun;
import org.provisor.refine.concurrent.Unexplained;

/// The campaign of two vCPUs as it always is, on the implementation that this class was loaded
/// with. A program is the seed of a machine, and how many elements are done on it.
public final class LoadedTwoVcpus implements ErrorFinder {

    @Override
    public Search find(long seed, long nanos) {
        ConcurrentCampaign.Result result =
                new ConcurrentCampaign(ConcurrentRun::new).seed(seed).budgetNanos(nanos).run();
        return new Search(
                result.total().elements(),
                result.nanos(),
                result.findings().stream().map(LoadedTwoVcpus::said).findFirst());
    }

    private static Difference said(Unexplained found) {
        return new Difference(
                "two vCPUs",
                found.part(),
                found.calls(),
                found.seed() + " " + found.elements(),
                found.text());
    }

    @Override
    public boolean differs(String program) {
        String[] words = program.split(" ", 2);
        long seed = Long.parseLong(words[0]);
        long elements = Long.parseLong(words[1]);
        return new ConcurrentRun().play(seed, elements, _ -> true).finding() != null;
    }
}
