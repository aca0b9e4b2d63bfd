// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.members.Leases;
import org.provisor.proofs.members.MembersException;
import org.provisor.proofs.members.RecallRows;
import org.provisor.proofs.recall.Advisories;
import org.provisor.proofs.recall.Advisory;
import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.recall.AdvisoryMutants;
import org.provisor.proofs.recall.Mutant;
import org.provisor.proofs.recall.MutantClasses;
import org.provisor.proofs.recall.MutantPath;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;
import org.provisor.proofs.seeded.SeededException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// The command `provisor recall`.
@Command(
        name = "recall",
        description = {
            "Puts errors that Xen had into the implementation, one at a time, as it is loaded, and"
                + " says which of them the campaign finds: the campaign as it always is, the same"
                + " for each, of one thread, until a difference is found. In the second half of its"
                + " time calls of two vCPUs meet.",
            "",
            "Advisories that cannot be had here are listed with the reason, and do not count.",
            "",
            "With --mutant, errors of your own: classes that implement"
                    + " org.provisor.proofs.recall.Mutant, or a text like the one that is shipped.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":every error was found, and none without an error",
            ExitCode.FINDING + ":an error was missed, or something was found without one",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class RecallCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "XSA-N",
            description =
                    "Only this advisory, all of its errors, or one like XSA-299b; can be given more"
                            + " than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--mutant",
            paramLabel = "PATH",
            description =
                    "Errors of your own instead: a class file, a directory of class files, a jar,"
                            + " or a text; can be given more than once.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "How long a processor may look for one error, like 90s or 5m (default:"
                            + " ${DEFAULT-VALUE}).")
    private String budget = "5m";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many errors to look for at once (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "What each campaign makes its calls up from, decimal or 0x... (default:"
                            + " ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Writes a trace of each error found, a table recall.csv and a page recall.md"
                            + " into this directory.")
    private @Nullable Path out;

    @Option(names = "--list", description = "Says how each advisory stands, and looks for none.")
    private boolean list;

    @Mixin private final MembersOption members = new MembersOption();

    @Override
    public Integer call() {
        try {
            List<Advisory> advisories = chosen(Advisories.shipped());
            if (list) {
                RecallReport.list(to(), advisories);
                return ExitCode.FINE;
            }
            if (jobs < 1 || jobs > 1024) {
                throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
            }
            long from = Seeds.number(seed);
            long cpuNanos = ExploreTime.nanos(budget);
            List<Mutant> mutants = paths.isEmpty() ? shipped(advisories) : given();
            mutants.forEach(MutantClasses::of);
            boolean control = only.isEmpty() && paths.isEmpty();
            RecallReport report =
                    new RecallReport(to(), out, paths.isEmpty() ? advisories : List.of());
            report.begin(mutants);
            if (members.given()) {
                judgedByMembers(from, cpuNanos, mutants, control, report);
            } else {
                judged(new RecallJudge(from, cpuNanos), mutants, control, report);
            }
            return report.end(budget, seed) ? ExitCode.FINE : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private List<Advisory> chosen(List<Advisory> all) {
        if (!only.isEmpty() && !paths.isEmpty()) {
            throw new BadInput("--only chooses among advisories, not among --mutant");
        }
        for (String name : only) {
            if (all.stream().noneMatch(advisory -> advisory.isOf(name))) {
                throw new BadInput(
                        "there is no advisory " + name + "; --list says which there are");
            }
        }
        return only.isEmpty()
                ? all
                : all.stream().filter(advisory -> only.stream().anyMatch(advisory::isOf)).toList();
    }

    private List<Mutant> shipped(List<Advisory> advisories) {
        List<Advisory> expressible =
                advisories.stream().filter(a -> a.standing() == Standing.EXPRESSIBLE).toList();
        if (expressible.isEmpty()) {
            Advisory first = advisories.getFirst();
            throw new BadInput(
                    first.id() + " cannot be had here: " + first.standing() + ", " + first.why());
        }
        return AdvisoryMutants.of(expressible);
    }

    private List<Mutant> given() {
        List<Mutant> mutants = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path path : paths) {
            for (Mutant mutant : MutantPath.mutants(path)) {
                if (!names.add(mutant.name())) {
                    throw new BadInput(path + ": a second mutant is called " + mutant.name());
                }
                mutants.add(mutant);
            }
        }
        return mutants;
    }

    private void judgedByMembers(
            long from, long cpuNanos, List<Mutant> mutants, boolean control, RecallReport report) {
        int all = mutants.size() + (control ? 1 : 0);
        AtomicInteger done = new AtomicInteger();
        try (ProgressLine line = ProgressLine.onStandardError();
                Leases leases = members.join(0, Objects.requireNonNull(spec), line)) {
            new RecallRows(leases, from, cpuNanos)
                    .run(
                            mutants,
                            control,
                            verdict -> row(report, counted(verdict, done), line),
                            () ->
                                    line.show(() ->
                                            done.get()
                                                    + " of "
                                                    + all
                                                    + " looked for"
                                                    + members.text(leases)));
        } catch (MembersException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private void judged(
            RecallJudge judge, List<Mutant> mutants, boolean control, RecallReport report) {
        AtomicInteger done = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            List<Future<RecallVerdict>> begun = new ArrayList<>();
            if (control) {
                begun.add(threads.submit(() -> counted(judge.control(), done)));
            }
            for (Mutant mutant : mutants) {
                begun.add(threads.submit(() -> counted(judge.judge(mutant), done)));
            }
            try (ProgressLine progress = ProgressLine.onStandardError()) {
                for (Future<RecallVerdict> verdict : begun) {
                    report.row(ended(verdict, progress, done, begun.size(), threads));
                }
            }
        }
    }

    private static void row(RecallReport report, RecallVerdict verdict, ProgressLine line) {
        line.close();
        report.row(verdict);
    }

    private static RecallVerdict counted(RecallVerdict verdict, AtomicInteger done) {
        done.incrementAndGet();
        return verdict;
    }

    private static RecallVerdict ended(
            Future<RecallVerdict> verdict,
            ProgressLine progress,
            AtomicInteger done,
            int all,
            ExecutorService threads) {
        try {
            while (!verdict.isDone()) {
                progress.show(() -> done.get() + " of " + all + " looked for");
                Thread.sleep(100);
            }
            progress.close();
            return verdict.get();
        } catch (ExecutionException | InterruptedException e) {
            threads.shutdownNow();
            if (e.getCause() instanceof SeededException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(e);
        }
    }

    private PrintWriter to() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
