// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.seeded.ErrorFile;
import org.provisor.proofs.seeded.Judge;
import org.provisor.proofs.seeded.RuleSources;
import org.provisor.proofs.seeded.SeededError;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.Verdict;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor seeded`.
@Command(
        name = "seeded",
        description = {
            "Puts errors into rules of the specification, one at a time, and says what finds them:"
                    + " a worked example, or the exploration of small worlds."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":every error was found",
            ExitCode.FINDING + ":an error survived",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class Seeded implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only this error; can be given more than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "WAY",
            description =
                    "examples, exploration, or both: exploration for what no example finds"
                            + " (default: ${DEFAULT-VALUE}).")
    private String by = "both";

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "How long to explore for one error, like 90s or 2m (default:"
                            + " ${DEFAULT-VALUE}).")
    private String budget = "2m";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads that explore (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--errors",
            paramLabel = "FILE",
            description = "Errors of your own, stated like those that are shipped.")
    private @Nullable Path file;

    @Option(names = "--list", description = "Says which errors there are, and judges none.")
    private boolean list;

    @Option(names = "--traces", description = "Says of each error how it shows.")
    private boolean traces;

    @Override
    public Integer call() {
        try {
            List<SeededError> errors = chosen(file == null ? ErrorFile.shipped() : read(file));
            return list ? listed(errors) : judged(errors);
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private static List<SeededError> read(Path file) {
        try {
            return ErrorFile.of(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new BadInput("cannot read " + file + " as text");
        }
    }

    private List<SeededError> chosen(List<SeededError> errors) {
        for (String name : only) {
            if (errors.stream().noneMatch(error -> error.name().equals(name))) {
                throw new BadInput("no error is called " + name + "; --list says which there are");
            }
        }
        return only.isEmpty()
                ? errors
                : errors.stream().filter(error -> only.contains(error.name())).toList();
    }

    private int listed(List<SeededError> errors) {
        int width = width(errors);
        for (SeededError error : errors) {
            out().println(padded(error.name(), width) + error.what() + " " + error.source());
        }
        return ExitCode.FINE;
    }

    private int judged(List<SeededError> errors) {
        Judge judge = judge();
        errors.forEach(judge::fits);
        int width = width(errors);
        out().println(padded("error", width) + padded("found by", 12) + "   time  where");
        List<Verdict> verdicts = new ArrayList<>();
        for (SeededError error : errors) {
            verdicts.add(judged(judge, error));
            show(verdicts.getLast(), width);
        }
        sum(judge, verdicts);
        return verdicts.stream().allMatch(Verdict::found) ? ExitCode.FINE : ExitCode.FINDING;
    }

    private static Verdict judged(Judge judge, SeededError error) {
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            progress.show(error::name);
            return judge.judge(error);
        }
    }

    private Judge judge() {
        List<String> ways = List.of("examples", "exploration", "both");
        if (!ways.contains(by)) {
            throw new BadInput("--by must be examples, exploration or both, not " + by);
        }
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
        }
        return new Judge(
                RuleSources.ofProject(),
                !by.equals("exploration"),
                !by.equals("examples"),
                ExploreTime.nanos(budget),
                jobs);
    }

    private void show(Verdict verdict, int width) {
        out().println(
                        padded(verdict.error().name(), width)
                                + padded(verdict.by().toString(), 12)
                                + String.format(Locale.ROOT, "%5.1f s  ", verdict.nanos() / 1e9)
                                + verdict.where());
        if (traces) {
            verdict.wrong().lines().forEach(line -> out().println("    " + line));
        }
        out().flush();
    }

    private void sum(Judge judge, List<Verdict> verdicts) {
        judge.worlds().forEach(world -> out().println("world " + world));
        judge.brokenAnyway().forEach(what -> out().println("not counted, in " + what));
        if (!judge.wrongAnyway().isEmpty()) {
            out().println(
                            "not counted: "
                                    + judge.wrongAnyway().size()
                                    + " examples, which do not come out without an error either");
        }
        if (traces) {
            judge.wrongAnyway()
                    .forEach((example, what) -> out().println("    " + example + ": " + what));
        }
        StringBuilder sum =
                new StringBuilder(
                        verdicts.size() + (verdicts.size() == 1 ? " error:" : " errors:"));
        for (Verdict.By each : Verdict.By.values()) {
            long count = verdicts.stream().filter(v -> v.by() == each).count();
            if (count > 0) {
                sum.append(sum.charAt(sum.length() - 1) == ':' ? " " : ", ")
                        .append(count)
                        .append(each == Verdict.By.NOTHING ? " survived" : " found by " + each);
            }
        }
        out().println(sum);
        out().flush();
    }

    private static int width(List<SeededError> errors) {
        return errors.stream().mapToInt(error -> error.name().length()).max().orElse(0) + 2;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
