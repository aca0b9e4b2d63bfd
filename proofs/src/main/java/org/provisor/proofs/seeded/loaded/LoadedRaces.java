// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.refine.concurrent.DirectedRaces;
import org.provisor.refine.concurrent.RaceCampaign;
import org.provisor.refine.concurrent.RaceResult;

/// The calls that meet at each point at which they can, as they always do, on the implementation
/// that this class was loaded with. A program is the text of a pair. Nothing follows from a seed.
public final class LoadedRaces implements ErrorFinder {

    @Override
    public Search find(long seed, long nanos) {
        RaceCampaign.Result result = new RaceCampaign(DirectedRaces::new).budgetNanos(nanos).run();
        return new Search(
                result.total().points(),
                result.nanos(),
                result.total().findings().stream().map(LoadedRaces::said).findFirst());
    }

    private static Difference said(RaceResult.Finding found) {
        return new Difference(
                "races", found.part(), 2, found.pair(), found.where() + "\n" + found.text());
    }

    @Override
    public boolean differs(String program) {
        return !new RaceCampaign(DirectedRaces::new)
                .only(program)
                .run()
                .total()
                .findings()
                .isEmpty();
    }
}
