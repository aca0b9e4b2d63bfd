// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.coverage.Coverage;
import org.provisor.proofs.coverage.ExploredWorlds;
import org.provisor.proofs.explore.ExplorationException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor coverage`.
@Command(
        name = "coverage",
        description = {
            "Says which rows of the specification's decision tables were seen to decide, in the"
                + " worked examples and in the exploration of small worlds, and names those that"
                + " were not."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":every row was seen, or is excused and was not",
            ExitCode.FINDING + ":a row is missing, or an excuse is needless",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class CoverageCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--explore",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Explores small worlds as well (default), or only runs the examples.")
    private boolean explore;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "How long to explore, like 90s or 2m (default: ${DEFAULT-VALUE}).")
    private String budget = "60s";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads that explore, 1 to 1024 (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, or csv with a line for each row (default: ${DEFAULT-VALUE}).")
    private String format = "text";

    @Override
    public Integer call() {
        if (!format.equals("text") && !format.equals("csv")) {
            throw new BadInput("--format must be text or csv, not " + format);
        }
        Coverage coverage = Coverage.of(explored());
        if (format.equals("csv")) {
            out().print(coverage.csv());
        } else {
            if (explore) {
                ExploredWorlds.text().forEach(world -> out().println("world " + world));
            }
            out().print(coverage.text());
        }
        out().flush();
        return coverage.fine() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private Map<String, Long> explored() {
        if (!explore) {
            return Map.of();
        }
        try (ProgressLine line = ProgressLine.onStandardError()) {
            return ExploredWorlds.rows(
                    ExploreTime.nanos(budget),
                    jobs,
                    progress ->
                            line.show(() ->
                                    String.format(
                                            Locale.ROOT,
                                            "%,d states, %,d transitions, %,.0f a second",
                                            progress.states(),
                                            progress.transitions(),
                                            progress.transitionsPerSecond())));
        } catch (IllegalArgumentException | ExplorationException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
