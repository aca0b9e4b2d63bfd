// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.provisor.proofs.seeded.CampaignVerdict.Ending;
import org.provisor.proofs.seeded.ErrorFinder.Search;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Judges the implementation with an error in it, by a campaign: calls made up by chance, compared
/// with the specification; or the specification with an error in it, by comparing it with a real
/// Xen in the same way. The campaign is the same for every error, and knows nothing of it.
///
/// A difference counts if it is not seen without the error.
public final class CampaignJudge {

    /// How much longer than it should a campaign may take before what is judged is taken to go on
    /// for ever.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final String LOADED = "org.provisor.proofs.seeded.loaded.";

    /// Shrinking on a real Xen, starting it, and seeing a difference again take their time.
    private static final long PATIENCE_WITH_XEN_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final SeededCompiler compiler;
    private final long seed;
    private final long budgetNanos;
    private final Function<Map<String, byte[]>, ErrorFinder> finders;
    private final long patienceNanos;
    private final ErrorFinder asItIs;

    /// @param seed what the campaign makes its calls up from
    /// @param budgetNanos how long to look for one error
    public CampaignJudge(SourceTree sources, long seed, long budgetNanos) {
        this(sources, seed, budgetNanos, campaign(sources.target()), PATIENCE_NANOS);
    }

    /// Judges the implementation by calls of two vCPUs that meet at each point at which they can.
    ///
    /// @param budgetNanos how long to look for one error
    public static CampaignJudge byRaces(SourceTree sources, long budgetNanos) {
        return new CampaignJudge(sources, 0, budgetNanos, LOADED + "LoadedRaces", PATIENCE_NANOS);
    }

    private static String campaign(Target target) {
        return LOADED
                + switch (target) {
                    case TWO_VCPUS -> "LoadedTwoVcpus";
                    case GUEST_PATH -> "LoadedProbe";
                    case SPECIFICATION, IMPLEMENTATION -> "LoadedCampaign";
                };
    }

    /// The same by another finder, of the class with this name.
    CampaignJudge(
            SourceTree sources, long seed, long budgetNanos, String finder, long patienceNanos) {
        this(
                sources,
                seed,
                budgetNanos,
                classes -> SeededLoader.load(sources.target(), classes, ErrorFinder.class, finder),
                patienceNanos);
    }

    private CampaignJudge(
            SourceTree sources,
            long seed,
            long budgetNanos,
            Function<Map<String, byte[]>, ErrorFinder> finders,
            long patienceNanos) {
        compiler = new SeededCompiler(sources);
        this.seed = seed;
        this.budgetNanos = budgetNanos;
        this.finders = finders;
        this.patienceNanos = patienceNanos;
        asItIs = finders.apply(Map.of());
    }

    /// Judges the specification, by comparing it with a real Xen.
    ///
    /// @param xen a file that holds Xen
    /// @param qemus the programs that run it, the first all programs and the others what differs
    public static CampaignJudge onXen(
            SourceTree sources, long seed, long budgetNanos, Path xen, List<String> qemus) {
        return new CampaignJudge(
                sources,
                seed,
                budgetNanos,
                classes ->
                        SeededLoader.load(
                                        Target.SPECIFICATION,
                                        classes,
                                        XenErrorFinder.class,
                                        LOADED + "LoadedConformance")
                                .on(xen, qemus),
                PATIENCE_WITH_XEN_NANOS);
    }

    /// Sees that an error can be put into its source.
    ///
    /// @throws SeededException if it cannot
    public void fits(SeededError error) {
        compiler.compiled(error);
    }

    /// Compiles a module with an error in it, and judges it. Several threads may do that at once.
    ///
    /// @throws SeededException if the error cannot be put into its source
    public CampaignVerdict judge(SeededError error) {
        Map<String, byte[]> classes = compiler.compiled(error);
        long start = System.nanoTime();
        try {
            Search search =
                    Patience.within(
                            budgetNanos + patienceNanos,
                            () -> finders.apply(classes).find(seed, budgetNanos));
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
