// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Progress;
import org.provisor.refine.campaign.RowCounts;
import org.provisor.refine.campaign.Unreached;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A campaign in whole rounds, whoever plays them.
///
/// Rounds are taken in the order of their numbers, and the campaign ends after the first with which
/// a limit is reached. So with a limit on rounds, steps or differences it comes to the same each
/// time, whatever members there are and whichever of them leave.
public final class CampaignRounds {

    /// How many rounds are played ahead of the one that is to be taken, for each that is worked on.
    private static final int AHEAD = 4;

    private final Leases leases;
    private final long started = System.nanoTime();
    private long seed = 1;
    private String only = "";
    private boolean thorough;
    private long rounds = Long.MAX_VALUE;
    private long mostSteps = Long.MAX_VALUE;
    private long budgetNanos = Long.MAX_VALUE;
    private int mostDifferences = 1;
    private Consumer<Progress> progress = _ -> {};
    private Consumer<Finding> found = _ -> {};

    private long steps;
    private long calls;
    private long programs;
    private final SortedMap<String, Long> rows = new TreeMap<>();
    private final Map<String, Long> operations = new LinkedHashMap<>();
    private final Map<String, Long> unspecified = new TreeMap<>();
    private final Set<String> kinds = new HashSet<>();
    private final List<Finding> differences = new ArrayList<>();

    public CampaignRounds(Leases leases) {
        this.leases = leases;
    }

    public CampaignRounds seed(long number) {
        seed = number;
        return this;
    }

    /// Makes mostly moves that can reach something; empty for all as they come.
    public CampaignRounds only(String prefix) {
        only = prefix;
        return this;
    }

    /// Compares everything after every step.
    public CampaignRounds thorough(boolean all) {
        thorough = all;
        return this;
    }

    /// Ends after so many rounds.
    public CampaignRounds rounds(long most) {
        rounds = most;
        return this;
    }

    /// Ends after the round with which there are so many steps.
    public CampaignRounds steps(long most) {
        mostSteps = most;
        return this;
    }

    /// Ends after so long, or a little later. What has not come back by then does not count.
    public CampaignRounds budgetNanos(long most) {
        budgetNanos = most;
        return this;
    }

    /// Ends after the round with which so many kinds of difference are found.
    public CampaignRounds maxDifferences(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 difference must be allowed");
        }
        mostDifferences = most;
        return this;
    }

    /// Told of the progress about ten times a second.
    public CampaignRounds progress(Consumer<Progress> listener) {
        progress = listener;
        return this;
    }

    /// Told of each difference as soon as its round is taken.
    public CampaignRounds found(Consumer<Finding> listener) {
        found = listener;
        return this;
    }

    /// Runs it.
    ///
    /// @throws MembersException if all members leave
    public CampaignResult run() {
        Map<String, String> excused = Unreached.listed();
        InOrder.run(
                leases,
                rounds,
                AHEAD,
                number ->
                        RoundWork.request(Campaign.roundSeed(seed, number), only, thorough, kinds),
                answer -> take(RoundWork.result(answer, excused)),
                this::goesOn);
        return new CampaignResult(
                seed,
                steps,
                calls,
                programs,
                System.nanoTime() - started,
                new RowCounts(rows),
                operations,
                unspecified,
                excused,
                differences,
                List.of());
    }

    private boolean goesOn() {
        int reached = (int) rows.values().stream().filter(count -> count > 0).count();
        long nanos = System.nanoTime() - started;
        progress.accept(new Progress(steps, calls, programs, reached, differences.size(), nanos));
        return nanos < budgetNanos;
    }

    private boolean take(CampaignResult round) {
        steps += round.steps();
        calls += round.calls();
        programs += round.programs();
        round.rows().counts().forEach((row, count) -> rows.merge(row, count, Long::sum));
        round.operations().forEach((name, count) -> operations.merge(name, count, Long::sum));
        round.unspecified().forEach((why, count) -> unspecified.merge(why, count, Long::sum));
        for (Finding finding : round.differences()) {
            if (differences.size() < mostDifferences && kinds.add(finding.kind())) {
                differences.add(finding);
                found.accept(finding);
            }
        }
        return steps < mostSteps && differences.size() < mostDifferences;
    }
}
