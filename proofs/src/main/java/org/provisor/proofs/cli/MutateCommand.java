// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mutation.KeptPrograms;
import org.provisor.proofs.mutation.MutatedCode;
import org.provisor.proofs.mutation.MutationJudge;
import org.provisor.proofs.mutation.MutationJudge.Judged;
import org.provisor.proofs.mutation.RuleMutant;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// The command `provisor mutate`.
@Command(
        name = "mutate",
        description = {
            "Puts small errors into every rule of the specification, or with --in impl into the"
                + " implementation's memory management, made by operators: a guard dropped or"
                + " turned round, a comparison off by one, another error number, an effect dropped,"
                + " rows in another order; and says which of them something finds.",
            "",
            "Each mutant is judged by the worked examples, then by the kept traces, then by a"
                + " campaign that compares the rules with the implementation; all of them as they"
                + " always are. Those that nobody can tell from what really stands there are listed"
                + " with a reason, and do not count.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":97 in 100 or more were killed, in impl 88",
            ExitCode.FINDING + ":fewer were, or one is listed wrongly as no error",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class MutateCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--in",
            paramLabel = "MODULE",
            description =
                    "Where the errors are: spec, in the rules, or impl, in the implementation's"
                            + " memory management (default: ${DEFAULT-VALUE}).")
    private String module = Target.SPECIFICATION.module();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description =
                    "Only the mutants of this clause, class or method, like mm.pin, Pinning or"
                            + " Pinning.pin; or one like Pinning.pin/negate-1; can be given more"
                            + " than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Only so many of them, chosen by the seed.")
    private @Nullable Integer sample;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "How many steps the campaign has (default: 60000, in impl 400000).")
    private @Nullable Long steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "What the campaign makes its calls up from, decimal or 0x... (default:"
                            + " ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many mutants to judge at once (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes what came out as comma-separated values too.")
    private @Nullable Path table;

    @Option(names = "--list", description = "Says which mutants there are, and judges none.")
    private boolean list;

    @Override
    public Integer call() throws InterruptedException {
        MutatedCode code = code();
        checkOptions();
        try {
            MutationJudge judge =
                    new MutationJudge(
                            code,
                            list ? Map.of() : traces(),
                            Seeds.number(seed),
                            steps == null ? code.steps() : steps);
            List<RuleMutant> chosen = chosen(judge.mutants());
            MutateReport report = new MutateReport(to(), code.enough(), table);
            if (list) {
                report.list(chosen);
                return ExitCode.FINE;
            }
            report.begin();
            boolean fine = report.end(judged(judge, chosen), judge.unknownEquivalents());
            return fine ? ExitCode.FINE : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private MutatedCode code() {
        for (MutatedCode code : MutatedCode.values()) {
            if (code.target().module().equals(module)) {
                return code;
            }
        }
        throw new BadInput("--in must be spec or impl, not " + module);
    }

    private void checkOptions() {
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
        }
        if (steps != null && steps < 0) {
            throw new BadInput("--steps must be 0 or more, not " + steps);
        }
        if (sample != null && sample < 1) {
            throw new BadInput("--sample must be 1 or more, not " + sample);
        }
    }

    private List<RuleMutant> chosen(List<RuleMutant> all) {
        for (String name : only) {
            if (all.stream().noneMatch(mutant -> isOf(mutant, name))) {
                throw new BadInput("no mutant is of " + name + "; --list says which there are");
            }
        }
        List<RuleMutant> chosen =
                new ArrayList<>(
                        only.isEmpty()
                                ? all
                                : all.stream()
                                        .filter(mutant ->
                                                only.stream().anyMatch(name -> isOf(mutant, name)))
                                        .toList());
        if (sample != null && sample < chosen.size()) {
            Collections.shuffle(chosen, new Random(Seeds.number(seed)));
            chosen = chosen.subList(0, sample);
            chosen.sort(Comparator.comparingInt(RuleMutant::number));
        }
        return chosen;
    }

    private static boolean isOf(RuleMutant mutant, String name) {
        return name.equals(mutant.id())
                || name.equals(mutant.clause())
                || name.equals(mutant.type())
                || name.equals(mutant.type() + "." + mutant.method());
    }

    private Judged judged(MutationJudge judge, List<RuleMutant> chosen)
            throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            return judge.judge(
                    chosen,
                    jobs,
                    count -> {
                        done.accumulateAndGet(count, Math::max);
                        progress.show(() -> done + " of " + chosen.size() + " judged");
                    });
        }
    }

    /// The programs that were kept because they once showed something, by name.
    static Map<String, String> traces() {
        return KeptPrograms.in(SourceTree.of(Target.SPECIFICATION).project());
    }

    private PrintWriter to() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
