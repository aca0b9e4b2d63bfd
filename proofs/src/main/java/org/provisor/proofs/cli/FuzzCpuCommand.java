// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.cpu.CpuDifference;
import org.provisor.refine.cpu.CpuFuzz;
import org.provisor.refine.cpu.CpuFuzzResult;
import org.provisor.refine.cpu.RegionFuzz;
import org.provisor.refine.cpu.RegionFuzzResult;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `provisor fuzz-cpu`: the interpreter against the processor that this runs on, or against the
/// translator.
@Command(
        name = "fuzz-cpu",
        description = {
            "Compares the interpreter of x86-64 instructions with this computer's own processor: a"
                + " few instructions made up from the table of opcodes at a time, registers, flags,"
                + " memory and exceptions afterwards.",
            "",
            "A difference is shrunk to one instruction with its inputs, where one shows it. It says"
                + " with which seed it was found: that seed finds it again in its first 10,000"
                + " snippets. With one job and a number of snippets instead of a time, a run does"
                + " the same each time.",
            "",
            "It needs Linux on x86-64; nothing else has to be installed.",
            "",
            "With --against translator the interpreter is compared with the translator instead, on"
                + " regions of a few dozen instructions with loops, calls and returns, faults and"
                + " code that changes itself, in two address spaces with real page tables: why each"
                + " stopped and after how many instructions, registers, flags, exceptions, and all"
                + " memory. A difference is shrunk too. That needs no particular processor.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":no difference, as far as it went",
            ExitCode.FINDING + ":a difference",
            ExitCode.BAD_INPUT + ":bad input, or a computer on which this cannot be done",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class FuzzCpuCommand implements Callable<Integer> {

    private static final String DEFAULT_BUDGET = "60s";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--against",
            paramLabel = "JUDGE",
            description =
                    "What the interpreter is compared with: ${COMPLETION-CANDIDATES} (default:"
                            + " ${DEFAULT-VALUE}).")
    private Against against = Against.processor;

    @Option(
            names = "--mode",
            paramLabel = "BITS",
            description =
                    "Code of 64 bits, or of 32 in compatibility mode (default: ${DEFAULT-VALUE}).")
    private int mode = 64;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "Stops after this time, like 90s or 20m (default: "
                            + DEFAULT_BUDGET
                            + ", or none if there are --snippets).")
    private @Nullable String budget;

    @Option(
            names = "--snippets",
            paramLabel = "N",
            description =
                    "Stops once so many have been compared, at the end of 10,000; or so many"
                            + " regions.")
    private @Nullable Long snippets;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance starts, decimal or 0x... (default: another each time).")
    private @Nullable String seed;

    @Option(
            names = "--only",
            paramLabel = "ROW",
            description =
                    "Uses only rows that begin so, as --rows lists them: mul, or 'add Ev,Gv'; or"
                            + " those of a feature: sse2.")
    private String only = "";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads, 1 to 64 (default: one per processor, but no more than 64).")
    private int jobs = Math.min(64, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            description = "Stops at so many kinds of difference (default: ${DEFAULT-VALUE}).")
    private int maxDifferences = 10;

    @Option(names = "--rows", description = "Says how often each row was carried out.")
    private boolean rows;

    /// As it is written on the command line.
    private enum Against {
        processor,
        translator
    }

    @Override
    public Integer call() {
        if (against == Against.translator) {
            return regions();
        }
        String unusable = CpuFuzz.unusable();
        if (unusable != null) {
            throw new BadInput(unusable);
        }
        CpuFuzz fuzz = fuzz();
        CpuFuzzResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = fuzz.progress(now -> line.show(() -> text(now))).run();
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (rows) {
            out.print(result.rows());
        }
        out.print(result.text());
        return code(out, result.differences());
    }

    private static Integer code(PrintWriter out, List<CpuDifference> differences) {
        for (CpuDifference difference : differences) {
            out.printf(
                    "%n%s; found with --seed 0x%x%n%s",
                    difference.kind(), difference.seed(), difference.text());
        }
        out.flush();
        return differences.isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private CpuFuzz fuzz() {
        CpuFuzz fuzz = new CpuFuzz();
        try {
            fuzz.seed(Seeds.chosen(seed)).jobs(jobs).maxDifferences(maxDifferences).mode(mode);
            fuzz.only(only);
            fuzz.snippets(most()).budgetNanos(nanos());
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        return fuzz;
    }

    /// The interpreter against the translator.
    private Integer regions() {
        if (rows || !only.isEmpty() || mode != 64) {
            throw new BadInput(
                    "--rows, --only and --mode cannot be used with --against translator");
        }
        RegionFuzz fuzz = new RegionFuzz();
        try {
            fuzz.seed(Seeds.chosen(seed)).jobs(jobs).maxDifferences(maxDifferences);
            fuzz.regions(most()).budgetNanos(nanos());
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        RegionFuzzResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = fuzz.progress(now -> line.show(() -> text(now))).run();
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(result.text());
        return code(out, result.differences());
    }

    private long most() {
        if (maxDifferences < 1) {
            throw new BadInput("--max-differences must be 1 or more, not " + maxDifferences);
        }
        if (snippets != null && snippets < 1) {
            throw new BadInput("--snippets must be 1 or more, not " + snippets);
        }
        return snippets == null ? Long.MAX_VALUE : snippets;
    }

    private long nanos() {
        return budget != null || snippets == null
                ? ExploreTime.nanos(Objects.requireNonNullElse(budget, DEFAULT_BUDGET))
                : Long.MAX_VALUE;
    }

    private static String text(CpuFuzzResult now) {
        return String.format(
                Locale.ROOT,
                "%,d snippets, %,.0f a second; differences: %d",
                now.snippets(),
                now.snippetsPerSecond(),
                now.differences().size());
    }

    private static String text(RegionFuzzResult now) {
        return String.format(
                Locale.ROOT,
                "%,d regions, %,.0f a second; differences: %d",
                now.regions(),
                now.regionsPerSecond(),
                now.differences().size());
    }
}
