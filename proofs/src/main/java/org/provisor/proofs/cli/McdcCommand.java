// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mcdc.Decision;
import org.provisor.proofs.mcdc.McdcCheck;
import org.provisor.proofs.mcdc.McdcCheck.Figures;
import org.provisor.proofs.mcdc.McdcCheck.Gap;
import org.provisor.proofs.mcdc.McdcCheck.Result;
import org.provisor.proofs.mutation.KeptPrograms;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor mcdc`.
@Command(
        name = "mcdc",
        description = {
            "Says which conditions of the specification's rules and of the implementation's memory"
                + " management were seen to decide by themselves (modified condition/decision"
                + " coverage): in the worked examples, the kept traces and a campaign that compares"
                + " both.",
            "",
            "A condition is shown by two evaluations of its decision that differ in it and in the"
                + " outcome, while all else is the same or masked. Conditions that nothing can show"
                + " are listed with a reason.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":enough conditions were shown: 95 in 100 of spec and of impl",
            ExitCode.FINDING + ":fewer were, or an excuse is needless",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class McdcCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description =
                    "Says only what is missing in this module, class or method, like impl,"
                            + " spec/Pinning or spec/Pinning.pin; can be given more than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "How many steps the campaign has (default: ${DEFAULT-VALUE}).")
    private long steps = McdcCheck.STEPS;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "What the campaign makes its calls up from, decimal or 0x... (default:"
                            + " ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(names = "--gaps", description = "Says of each gap what was seen, and what is excused.")
    private boolean gaps;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Writes there each program of the campaign that shows a condition that nothing"
                            + " before it showed.")
    private @Nullable Path keep;

    @Option(names = "--list", description = "Says which decisions there are, and runs nothing.")
    private boolean list;

    @Override
    public Integer call() throws InterruptedException {
        if (steps < 0) {
            throw new BadInput("--steps must be 0 or more, not " + steps);
        }
        try {
            McdcCheck check = new McdcCheck();
            for (String name : only) {
                if (check.decisions().stream().noneMatch(each -> isOf(each, name))) {
                    throw new BadInput(
                            "no decision is in " + name + "; --list says which there are");
                }
            }
            if (list) {
                check.decisions().stream().filter(this::chosen).forEach(this::show);
                to().flush();
                return ExitCode.FINE;
            }
            Result result;
            try (ProgressLine line = ProgressLine.onStandardError()) {
                result =
                        check.run(
                                KeptPrograms.in(SourceTree.of(Target.SPECIFICATION).project()),
                                Seeds.number(seed),
                                steps,
                                new KeptConditions(check, line, keep));
            }
            show(result);
            return result.fine() ? ExitCode.FINE : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private boolean chosen(Decision decision) {
        return only.isEmpty() || only.stream().anyMatch(name -> isOf(decision, name));
    }

    /// Whether a decision is in what a name names: all of its identifier up to a mark.
    private static boolean isOf(Decision decision, String name) {
        String id = decision.id();
        return id.equals(name)
                || (id.startsWith(name) && "/.".indexOf(id.charAt(name.length())) >= 0);
    }

    private void show(Decision decision) {
        to().printf(Locale.ROOT, "%s  line %d%n", decision.id(), decision.line());
        for (int i = 0; i < decision.conditions().size(); i++) {
            Decision.Condition condition = decision.conditions().get(i);
            to().printf(
                            Locale.ROOT,
                            "  %d  line %3d  %s%n",
                            i + 1,
                            condition.line(),
                            condition.text());
        }
    }

    private void show(Result result) {
        PrintWriter to = to();
        to.println(result.runs().text());
        for (Gap gap : result.gaps()) {
            if (chosen(gap.decision()) && (gaps || gap.reason().isEmpty())) {
                show(gap);
            }
        }
        result.needless().forEach(id -> to.println("excused for nothing: " + id));
        result.figures().forEach((module, figures) -> show(module, figures));
        to.printf(
                Locale.ROOT,
                "%,d decisions only complain of what cannot happen, and do not count%n",
                result.complaints().size());
        to.flush();
    }

    private void show(Gap gap) {
        to().printf(
                        Locale.ROOT,
                        "%s  %s:%d  %s: %s%n",
                        gap.reason().isEmpty() ? "gap    " : "excused",
                        gap.id(),
                        gap.condition().line(),
                        gap.condition().text(),
                        gap.missing());
        if (gaps) {
            if (!gap.reason().isEmpty()) {
                to().println("         " + gap.reason());
            }
            if (!gap.seen().isEmpty()) {
                to().println("         seen: " + String.join(", ", gap.seen()));
            }
        }
    }

    private void show(String module, Figures figures) {
        to().printf(
                        Locale.ROOT,
                        "%-4s  %,5d decisions, %,5d conditions: %,5d shown, %.1f %% (%,d by"
                                + " masking); %,d excused, %,d gaps%n",
                        module,
                        figures.decisions(),
                        figures.conditions(),
                        figures.shown(),
                        figures.percent(),
                        figures.masking(),
                        figures.justified(),
                        figures.conditions() - figures.shown() - figures.justified());
    }

    private PrintWriter to() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
