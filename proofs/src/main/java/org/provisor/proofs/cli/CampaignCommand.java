// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Progress;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// The command `provisor campaign`.
@Command(
        name = "campaign",
        description = {
            "Compares the implementation with the specification: programs of hypercalls made up by"
                + " chance run on both, from boot into deep states, and after every step both must"
                + " agree. What differs is shrunk to the least program that shows it, and printed"
                + " as a trace.",
            "",
            "A difference says by which seed it was found: a campaign of that seed finds it again,"
                + " in its first few hundred programs. With one job and a number of steps instead"
                + " of a time, a campaign does the same each time.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":no difference, as far as the campaign went",
            ExitCode.FINDING + ":a difference",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class CampaignCommand implements Callable<Integer> {

    private static final String DEFAULT_BUDGET = "60s";

    private final Function<Switches, Subject> subjects;

    @Spec private @Nullable CommandSpec spec;

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
            description = "Writes the trace of each difference into this directory as well.")
    private @Nullable Path out;

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            description = "Stops at so many kinds of difference (default: ${DEFAULT-VALUE}).")
    private int maxDifferences = 10;

    @Option(
            names = "--thorough",
            description = "Compares everything after every step, not only what it touched.")
    private boolean thorough;

    @Option(
            names = "--coverage",
            description =
                    "Also says how often the rows of each clause decided, and which never did.")
    private boolean coverage;

    CampaignCommand() {
        this(ImplSubject::new);
    }

    /// @param subjects makes what is compared with the specification
    CampaignCommand(Function<Switches, Subject> subjects) {
        this.subjects = subjects;
    }

    @Override
    public Integer call() {
        Campaign campaign = campaign();
        CampaignResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        }
        out().print(result.text());
        if (coverage) {
            out().print(result.coverage());
        }
        for (Finding finding : result.differences()) {
            out().printf("%n%s", finding.text());
        }
        save(result);
        out().flush();
        return result.differences().isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private Campaign campaign() {
        Switches switches = thorough ? Switches.THOROUGH : Switches.ALL;
        try {
            Campaign campaign =
                    new Campaign(() -> subjects.apply(switches))
                            .seed(chosenSeed())
                            .jobs(jobs)
                            .maxDifferences(maxDifferences);
            if (only != null) {
                campaign.focus(Focus.on(only));
            }
            if (steps != null) {
                if (steps < 1) {
                    throw new BadInput("--steps must be 1 or more, not " + steps);
                }
                campaign.steps(steps);
            }
            if (budget != null || steps == null) {
                campaign.budgetNanos(
                        ExploreTime.nanos(Objects.requireNonNullElse(budget, DEFAULT_BUDGET)));
            }
            return campaign;
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private long chosenSeed() {
        if (seed == null) {
            return System.nanoTime() ^ System.currentTimeMillis() << 20;
        }
        try {
            return seed.startsWith("0x")
                    ? Long.parseUnsignedLong(seed.substring(2), 16)
                    : Long.parseLong(seed);
        } catch (NumberFormatException e) {
            throw new BadInput("--seed must be a number like 42 or 0x2a, not " + seed);
        }
    }

    private static String text(Progress progress) {
        return String.format(
                Locale.ROOT,
                "%,d steps, %,.0f a second; %,d programs; differences: %d",
                progress.steps(),
                progress.stepsPerSecond(),
                progress.programs(),
                progress.differences());
    }

    private void save(CampaignResult result) {
        Path directory = out;
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            int number = 0;
            for (Finding finding : result.differences()) {
                String name = String.format(Locale.ROOT, "%016x-%d.trace", result.seed(), number++);
                Files.writeString(directory.resolve(name), finding.trace());
                out().printf("wrote %s%n", directory.resolve(name));
            }
        } catch (IOException e) {
            throw new BadInput("cannot write into " + directory + ": " + e.getMessage());
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
