// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.activity.StepsListener;
import org.provisor.proofs.mutation.KeptPrograms;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.proofs.statements.StatementCheck;
import org.provisor.proofs.statements.StatementCheck.Figures;
import org.provisor.proofs.statements.StatementCheck.Line;
import org.provisor.proofs.statements.StatementCheck.Result;

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

/// The command `provisor statements`.
@Command(
        name = "statements",
        description = {
            "Says which lines of the specification's rules and of the implementation's memory"
                + " management are executed, and which ways of their branches are gone (statement"
                + " and branch coverage, by JaCoCo): in the worked examples, the kept traces and"
                + " campaigns of one and two vCPUs.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":enough lines were executed: 98 in 100 of spec, 97 of impl",
            ExitCode.FINDING + ":fewer were",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class StatementsCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "How many steps each campaign has (default: ${DEFAULT-VALUE}).")
    private long steps = StatementCheck.STEPS;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "What the campaigns make their calls up from, decimal or 0x... (default:"
                            + " ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--branches",
            description = "Names also lines that are executed, but not each way.")
    private boolean branches;

    @Option(
            names = "--html",
            paramLabel = "DIR",
            description = "Writes the sources there, each line in the colour of what came to it.")
    private @Nullable Path html;

    @Option(
            names = "--xml",
            paramLabel = "FILE",
            description = "Writes JaCoCo's XML there, for other tools.")
    private @Nullable Path xml;

    @Override
    public Integer call() throws InterruptedException {
        if (steps < 0) {
            throw new BadInput("--steps must be 0 or more, not " + steps);
        }
        if (xml != null) {
            Path parent = xml.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new BadInput("cannot write " + xml + ": there is no directory " + parent);
            }
            if (Files.isDirectory(xml)) {
                throw new BadInput("cannot write " + xml + ": it is a directory");
            }
        }
        if (html != null && Files.exists(html) && !Files.isDirectory(html)) {
            throw new BadInput("cannot write into " + html + ": it is not a directory");
        }
        try {
            Path project = SourceTree.of(Target.SPECIFICATION).project();
            Result result;
            try (ProgressLine line = ProgressLine.onStandardError()) {
                result =
                        new StatementCheck()
                                .run(
                                        KeptPrograms.in(project),
                                        Seeds.number(seed),
                                        steps,
                                        StepsListener.of(text -> line.show(() -> text)));
            }
            show(result);
            write(result, project);
            return result.fine() ? ExitCode.FINE : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private void write(Result result, Path project) {
        if (xml != null) {
            try {
                result.report().xml(project, xml);
            } catch (IOException e) {
                throw new BadInput("cannot write " + xml + ": " + e.getMessage());
            }
        }
        if (html != null) {
            try {
                result.report().html(project, html);
            } catch (IOException e) {
                throw new BadInput("cannot write " + html + ": " + e.getMessage());
            }
        }
    }

    private void show(Result result) {
        PrintWriter to = Objects.requireNonNull(spec).commandLine().getOut();
        to.println(result.runs().text());
        for (Line line : result.lines()) {
            if (line.never()) {
                to.printf("never    %s/%s:%d%n", line.module(), line.file(), line.number());
            } else if (branches) {
                to.printf(
                        "in part  %s/%s:%d  %d of %d ways never gone%n",
                        line.module(), line.file(), line.number(), line.missed(), line.ways());
            }
        }
        result.figures().forEach((module, each) -> show(to, module, each));
        to.flush();
    }

    private static void show(PrintWriter to, String module, Figures each) {
        to.printf(
                Locale.ROOT,
                "%-4s  lines %,d of %,d executed, %.1f %%; ways of branches %,d of %,d gone,"
                        + " %.1f %%%n",
                module,
                each.executed(),
                each.lines(),
                100.0 * each.executed() / Math.max(1, each.lines()),
                each.taken(),
                each.branches(),
                100.0 * each.taken() / Math.max(1, each.branches()));
    }
}
