// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mutation.BranchCheck;
import org.provisor.proofs.mutation.BranchCheck.Seen;
import org.provisor.proofs.mutation.BranchCheck.Way;
import org.provisor.proofs.seeded.SeededException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor vacuity`.
@Command(
        name = "vacuity",
        description = {
            "Says which guards of the specification's rules were seen both true and false, and"
                + " which loops were entered and passed by: in the worked examples, the kept traces"
                + " and a campaign that compares the rules with the implementation. Branches that"
                + " cannot go both ways are listed with a reason."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":every branch was seen to go both ways, or is excused and was not",
            ExitCode.FINDING + ":a way was not seen, or an excuse is needless",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class VacuityCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "How many steps the campaign has (default: ${DEFAULT-VALUE}).")
    private long steps = 60_000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "What the campaign makes its calls up from, decimal or 0x... (default:"
                            + " ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Override
    public Integer call() {
        if (steps < 0) {
            throw new BadInput("--steps must be 0 or more, not " + steps);
        }
        try {
            Seen seen = new BranchCheck().run(MutateCommand.traces(), Seeds.number(seed), steps);
            show(seen);
            return seen.unseen().isEmpty() && seen.needless().isEmpty()
                    ? ExitCode.FINE
                    : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private void show(Seen seen) {
        PrintWriter to = Objects.requireNonNull(spec).commandLine().getOut();
        to.println("run: " + MutateReport.checks(seen.prepared()));
        for (Way way : seen.unseen()) {
            to.printf(
                    Locale.ROOT,
                    "never seen  %-44s line %3d, %s%n",
                    way.id(),
                    way.line(),
                    way.what());
        }
        seen.excused().forEach((id, reason) -> to.println("excused     " + id + ": " + reason));
        seen.needless().forEach(id -> to.println("excused for nothing: " + id));
        int ways = seen.ways().size();
        int gone = ways - seen.unseen().size() - seen.excused().size();
        to.printf(
                Locale.ROOT,
                "%,d branches: of %,d ways %,d seen, %,d excused, %,d never seen%n",
                ways / 2,
                ways,
                gone,
                seen.excused().size(),
                seen.unseen().size());
        to.flush();
    }
}
