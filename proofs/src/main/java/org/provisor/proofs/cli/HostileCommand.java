// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.hostile.HostileGuests;
import org.provisor.refine.hostile.HostileResult;
import org.provisor.refine.hostile.Mischief;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `provisor hostile`: guests that are up to no good, beside one that must not notice.
@Command(
        name = "hostile",
        description = {
            "Runs kernels that are up to no good: they carry out random bytes, make random"
                + " hypercalls, build random page tables, change their own code, and make up more"
                + " of it than can be kept; each in a domain without privileges, until it has"
                + " crashed itself or has carried out 20 million instructions.",
            "",
            "Beside each stands another domain. After each kernel the invariants of the"
                + " specification are looked at, and that the other domain is what it was, to the"
                + " last byte of its memory; no exception may have escaped the hypervisor, nothing"
                + " may hang, and no more code may be kept than there is room for. The command runs"
                + " in 1 GiB.",
            "",
            "What is found says how to run that kernel again by itself.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":nothing was found, as far as it went",
            ExitCode.FINDING + ":something was",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class HostileCommand implements Callable<Integer> {

    private static final String DEFAULT_BUDGET = "60s";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "Stops after this time, like 90s or 20m (default: "
                            + DEFAULT_BUDGET
                            + ", or none if there are --instructions or --kernels).")
    private @Nullable String budget;

    @Option(
            names = "--instructions",
            paramLabel = "N",
            description = "Begins no other kernel once so many have been carried out.")
    private @Nullable Long instructions;

    @Option(names = "--kernels", paramLabel = "N", description = "Stops after so many kernels.")
    private @Nullable Long kernels;

    @Option(
            names = "--only",
            paramLabel = "KIND",
            description =
                    "Only kernels that do this: code, calls, tables, modify, flood, or all of it by"
                            + " turns (default: one after the other).")
    private String only = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance starts, decimal or 0x... (default: another each time).")
    private @Nullable String seed;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads, 1 to 64 (default: one per processor, but no more than 64).")
    private int jobs = Math.min(64, Runtime.getRuntime().availableProcessors());

    @Override
    public Integer call() {
        HostileGuests guests = new HostileGuests();
        try {
            guests.seed(Seeds.chosen(seed)).jobs(jobs);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        guests.instructions(atLeastOne("--instructions", instructions))
                .kernels(atLeastOne("--kernels", kernels));
        if (budget != null || (instructions == null && kernels == null)) {
            guests.budgetNanos(
                    ExploreTime.nanos(Objects.requireNonNullElse(budget, DEFAULT_BUDGET)));
        }
        if (!only.isEmpty()) {
            guests.only(kind());
        }
        HostileResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = guests.progress(now -> line.show(() -> text(now))).run();
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.print(result.text());
        result.findings().forEach(out::println);
        out.flush();
        return result.findings().isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private static long atLeastOne(String option, @Nullable Long number) {
        if (number == null) {
            return Long.MAX_VALUE;
        }
        if (number < 1) {
            throw new BadInput(option + " must be 1 or more, not " + number);
        }
        return number;
    }

    private Mischief kind() {
        return Arrays.stream(Mischief.values())
                .filter(kind -> kind.toString().equals(only))
                .findFirst()
                .orElseThrow(() ->
                        new BadInput(
                                "--only must be one of code, calls, tables, modify, flood, all,"
                                        + " not "
                                        + only));
    }

    private static String text(HostileResult now) {
        return String.format(
                Locale.ROOT,
                "%,d kernels, %,d instructions; findings: %d",
                now.allKernels(),
                now.allInstructions(),
                now.findings().size());
    }
}
