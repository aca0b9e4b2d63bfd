// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.provisor.proofs.seeded.CampaignVerdict.Ending;
import org.provisor.proofs.seeded.ErrorFinder.Search;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Judges the implementation with an error in it, by a campaign: calls made up by chance, compared
/// with the specification. The campaign is the same for every error, and knows nothing of it.
///
/// A difference counts if the implementation without the error does not show it.
public final class CampaignJudge {

    /// How much longer than it should a campaign may take before the implementation is taken to go
    /// on for ever.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final String LOADED = "org.provisor.proofs.seeded.loaded.";

    private final Target target;
    private final SeededCompiler compiler;
    private final long seed;
    private final long budgetNanos;
    private final String finder;
    private final long patienceNanos;
    private final ErrorFinder asItIs;

    /// @param seed what the campaign makes its calls up from
    /// @param budgetNanos how long to look for one error
    public CampaignJudge(SourceTree sources, long seed, long budgetNanos) {
        this(sources, seed, budgetNanos, campaign(sources.target()), PATIENCE_NANOS);
    }

    private static String campaign(Target target) {
        return LOADED + (target == Target.TWO_VCPUS ? "LoadedTwoVcpus" : "LoadedCampaign");
    }

    /// The same by another finder, of the class with this name.
    CampaignJudge(
            SourceTree sources, long seed, long budgetNanos, String finder, long patienceNanos) {
        target = sources.target();
        compiler = new SeededCompiler(sources);
        this.seed = seed;
        this.budgetNanos = budgetNanos;
        this.finder = finder;
        this.patienceNanos = patienceNanos;
        asItIs = load(Map.of());
    }

    private ErrorFinder load(Map<String, byte[]> classes) {
        return SeededLoader.load(target, classes, ErrorFinder.class, finder);
    }

    /// Sees that an error can be put into its source.
    ///
    /// @throws SeededException if it cannot
    public void fits(SeededError error) {
        compiler.compiled(error);
    }

    /// Compiles the implementation with an error in it, and judges it. Several threads may do that
    /// at once.
    ///
    /// @throws SeededException if the error cannot be put into its source
    public CampaignVerdict judge(SeededError error) {
        Map<String, byte[]> classes = compiler.compiled(error);
        long start = System.nanoTime();
        try {
            Search search =
                    Patience.within(
                            budgetNanos + patienceNanos,
                            () -> load(classes).find(seed, budgetNanos));
            return new CampaignVerdict(error, ending(search), search);
        } catch (TimeoutException e) {
            long nanos = System.nanoTime() - start;
            return new CampaignVerdict(
                    error, Ending.ENDLESS, new Search(0, nanos, Optional.empty()));
        }
    }

    private Ending ending(Search search) {
        if (search.difference().isEmpty()) {
            return Ending.MISSED;
        }
        synchronized (asItIs) {
            return asItIs.differs(search.difference().get().program())
                    ? Ending.ANYWAY
                    : Ending.FOUND;
        }
    }
}
