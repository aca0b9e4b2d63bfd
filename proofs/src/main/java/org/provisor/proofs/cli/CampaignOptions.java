// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.members.CampaignRounds;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.concurrent.ConcurrentCampaign;
import org.provisor.refine.concurrent.RaceCampaign;
import org.provisor.refine.concurrent.RaceResult;
import org.provisor.refine.concurrent.Unexplained;
import org.provisor.refine.gen.Focus;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// What can be asked of each command that plays programs made up by chance.
final class CampaignOptions {

    private static final String DEFAULT_BUDGET = "60s";

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "Stops after this time, like 90s, 20m or 8h (default: "
                            + DEFAULT_BUDGET
                            + ", or none if there are --steps).")
    private @Nullable String budget;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "Stops after so many steps: a call, and each time that a preempted one is made"
                            + " again.")
    private @Nullable Long steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance starts, decimal or 0x... (default: another each time).")
    private @Nullable String seed;

    @Option(
            names = "--only",
            paramLabel = "PREFIX",
            description =
                    "Makes mostly calls that can reach clauses that begin so, like mm.mmuext, or"
                            + " calls that Xen names so, like mmuext_op or XENMEM_exchange.")
    private @Nullable String only;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads, 1 to 1024 (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Writes the trace of each difference into this directory, as soon as it is"
                            + " found.")
    private @Nullable Path out;

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            description = "Stops at so many kinds of difference (default: ${DEFAULT-VALUE}).")
    private int maxDifferences = 10;

    /// How many differences are written by now.
    private int kept;

    /// Asks a campaign for what was asked for.
    ///
    /// @throws BadInput if there is no such thing
    void ask(Campaign campaign) {
        try {
            long from = Seeds.chosen(seed);
            campaign.seed(from).jobs(jobs).maxDifferences(maxDifferences);
            campaign.found(finding -> keep(from, finding));
            if (only != null) {
                campaign.focus(Focus.on(only));
            }
            campaign.steps(mostSteps()).budgetNanos(nanos());
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    /// The same of a campaign in whole rounds.
    ///
    /// @param rounds how many at most, if that was asked for
    /// @throws BadInput if there is no such thing
    void ask(CampaignRounds campaign, @Nullable Long rounds) {
        try {
            long from = Seeds.chosen(seed);
            campaign.seed(from).maxDifferences(maxDifferences);
            campaign.found(finding -> keep(from, finding));
            if (only != null) {
                campaign.only(Focus.on(only).prefix());
            }
            campaign.steps(mostSteps());
            if (rounds == null) {
                campaign.budgetNanos(nanos());
            } else {
                if (rounds < 1) {
                    throw new BadInput("--rounds must be 1 or more, not " + rounds);
                }
                campaign.rounds(rounds);
                if (budget != null) {
                    campaign.budgetNanos(nanos());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    /// How many threads.
    int jobs() {
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("there can be 1 to 1024 jobs, not " + jobs);
        }
        return jobs;
    }

    /// The same of a campaign of two vCPUs.
    ///
    /// @throws BadInput if there is no such thing
    void ask(ConcurrentCampaign campaign) {
        if (only != null) {
            throw new BadInput("--only is for one vCPU");
        }
        try {
            campaign.seed(Seeds.chosen(seed)).jobs(jobs).maxFindings(maxDifferences);
            campaign.elements(mostSteps()).budgetNanos(nanos());
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    /// The same of calls that meet. They take the time they need, if no other was asked for.
    ///
    /// @throws BadInput if there is no such thing
    void ask(RaceCampaign campaign) {
        if (seed != null || steps != null) {
            throw new BadInput("--seed and --steps are for what is left to chance");
        }
        campaign.jobs(jobs()).maxFindings(mostDifferences());
        if (only != null) {
            campaign.only(only);
        }
        if (budget != null) {
            campaign.budgetNanos(nanos());
        }
    }

    private int mostDifferences() {
        if (maxDifferences < 1) {
            throw new BadInput("at least 1 difference must be allowed");
        }
        return maxDifferences;
    }

    private long mostSteps() {
        if (steps == null) {
            return Long.MAX_VALUE;
        }
        if (steps < 1) {
            throw new BadInput("--steps must be 1 or more, not " + steps);
        }
        return steps;
    }

    private long nanos() {
        return budget == null && steps != null
                ? Long.MAX_VALUE
                : ExploreTime.nanos(Objects.requireNonNullElse(budget, DEFAULT_BUDGET));
    }

    /// Prints the differences and writes them where they were asked for.
    ///
    /// @return how the command ends
    int tell(CampaignResult result, PrintWriter to) {
        for (Finding finding : result.differences()) {
            to.printf("%n%s", finding.text());
        }
        for (Finding finding : result.notSeenAgain()) {
            to.printf("%ndoes not count: %s", finding.text());
        }
        save(result.seed(), "", ".trace", traces(result.differences()), to);
        save(result.seed(), "not-again-", ".trace", traces(result.notSeenAgain()), to);
        to.flush();
        return result.differences().isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    /// Writes a difference as soon as it is found: it is there if the campaign is interrupted. What
    /// cannot be written is said at the end.
    private void keep(long from, Finding finding) {
        Path directory = out;
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Files.writeString(file(directory, "", from, kept++, ".trace"), finding.trace());
        } catch (IOException e) {
            // Written again with all others.
        }
    }

    private static List<String> traces(List<Finding> findings) {
        return findings.stream().map(Finding::trace).toList();
    }

    /// The same for what no order explains.
    ///
    /// @return how the command ends
    int tell(ConcurrentCampaign.Result result, PrintWriter to) {
        List<String> texts = result.findings().stream().map(CampaignOptions::text).toList();
        texts.forEach(text -> to.printf("%n%s", text));
        save(result.seed(), "", ".txt", texts, to);
        to.flush();
        return texts.isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    /// The same for calls that met.
    ///
    /// @return how the command ends
    int tell(RaceCampaign.Result result, PrintWriter to) {
        List<String> texts = result.total().findings().stream().map(CampaignOptions::text).toList();
        texts.forEach(text -> to.printf("%n%s", text));
        save(0, "race-", ".txt", texts, to);
        to.flush();
        return texts.isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private static String text(RaceResult.Finding finding) {
        return String.format(
                Locale.ROOT,
                "%s%n%sfound by --races: %s%n",
                finding.part(),
                finding.text().indent(2),
                finding.where());
    }

    private static String text(Unexplained finding) {
        return String.format(
                Locale.ROOT,
                "%s%n%sfound by --vcpus 2 --seed 0x%x on the first machine%n",
                finding.part(),
                finding.text().indent(2),
                finding.seed());
    }

    private void save(long from, String prefix, String ending, List<String> texts, PrintWriter to) {
        Path directory = out;
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            int number = 0;
            for (String text : texts) {
                Path file = file(directory, prefix, from, number++, ending);
                Files.writeString(file, text);
                to.printf("wrote %s%n", file);
            }
        } catch (IOException e) {
            throw new BadInput("cannot write into " + directory + ": " + e.getMessage());
        }
    }

    private static Path file(Path directory, String prefix, long from, int number, String ending) {
        return directory.resolve(
                String.format(Locale.ROOT, "%s%016x-%d%s", prefix, from, number, ending));
    }
}
