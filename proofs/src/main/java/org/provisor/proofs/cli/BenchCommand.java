// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.bench.Bench;
import org.provisor.refine.bench.BenchFailedException;
import org.provisor.refine.bench.BenchKernel;
import org.provisor.refine.bench.BenchPeer;
import org.provisor.refine.bench.BenchResult;
import org.provisor.refine.run.Check;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `provisor bench`: what a guest's instructions and hypercalls cost, here and on a real Xen.
@Command(
        name = "bench",
        description = {
            "Measures what instructions and hypercalls cost a guest: a small paravirtual kernel"
                + " runs on the implementation and, with --peer xen, as domain 0 of a real Xen in"
                + " QEMU, the same file, in turn.",
            "",
            "Each kernel says with a line when a batch begins and ends; the time between is taken"
                + " outside the guest, on the same clock for both, less that of a batch in which"
                + " nothing is done. The guest itself makes a batch take as long as the budget"
                + " allows. Each batch's result is checked.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":measured, whatever the figures",
            ExitCode.FINDING
                    + ":a guest crashed, hung, or came to a wrong result, or --check found a"
                    + " difference",
            ExitCode.BAD_INPUT + ":bad input, or no Xen, or no QEMU",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class BenchCommand implements Callable<Integer> {

    private static final String XEN = "xen";
    private static final int MOST_ROUNDS = 1000;
    private static final long LEAST_SECONDS = 1;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--peer",
            paramLabel = "PEER",
            description = "What to compare with: xen, a real Xen in QEMU (default: nothing).")
    private @Nullable String peer;

    @Option(
            names = "--xen",
            paramLabel = "FILE",
            description =
                    "The Xen to run, as its build makes it: xen or xen.gz (default: Debian's, from"
                            + " the package xen-hypervisor-4.17-amd64).")
    private @Nullable Path xen;

    @Option(
            names = "--qemu",
            paramLabel = "PROGRAM",
            description = "The QEMU that runs it (default: qemu-system-x86_64).")
    private String qemu = "qemu-system-x86_64";

    @Option(
            names = "--check",
            paramLabel = "HOW",
            description =
                    "Measures once more while the specification judges hypercalls, as run --check"
                        + " does, and says how many times as long it takes: full, exact, sampled or"
                        + " off (default: ${DEFAULT-VALUE}).")
    private String check = Check.OFF.word();

    @Option(
            names = "--only",
            paramLabel = "PREFIX",
            description = "Runs only kernels whose name begins so, such as chase or mmu-update-1.")
    private String only = "";

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "How often each side is started; each time it does three batches of each kernel"
                            + " (default: ${DEFAULT-VALUE}).")
    private int repeat = 3;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "About how long all is to take, like 90s or 5m (default: ${DEFAULT-VALUE}).")
    private String budget = "2m";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Writes all figures to a file, every batch's among them.")
    private @Nullable Path json;

    @Override
    public Integer call() {
        if (peer != null && !peer.equals(XEN)) {
            throw new BadInput("--peer must be xen, not " + peer);
        }
        Check judged = Check.of(check);
        if (judged == null) {
            throw new BadInput("--check must be full, exact, sampled or off, not " + check);
        }
        if (judged != Check.OFF && peer != null) {
            throw new BadInput("--check and --peer are for one at a time");
        }
        if (repeat < 1 || repeat > MOST_ROUNDS) {
            throw new BadInput("--repeat must be 1 to " + MOST_ROUNDS + ", not " + repeat);
        }
        long nanos = ExploreTime.nanos(budget);
        if (nanos < Duration.ofSeconds(LEAST_SECONDS).toNanos()) {
            throw new BadInput("--budget must be 1s or more, not " + budget);
        }
        List<BenchKernel> kernels = BenchKernel.beginning(only);
        if (kernels.isEmpty()) {
            throw new BadInput(
                    "--only %s: there is no such kernel; there are %s"
                            .formatted(
                                    only,
                                    String.join(
                                            ", ",
                                            BenchKernel.ALL.stream()
                                                    .map(BenchKernel::name)
                                                    .toList())));
        }
        BenchPeer there = null;
        String version = "";
        if (peer != null) {
            version = XenOptions.version(qemu);
            there = new BenchPeer(qemu, XenOptions.image(xen));
        } else if (xen != null) {
            throw new BadInput("--xen needs --peer xen");
        }
        Path file = json;
        if (file != null) {
            checkWritable(file);
        }
        Bench bench = new Bench(kernels, there).rounds(repeat).budgetNanos(nanos).check(judged);
        return run(bench, there, version);
    }

    /// Better known now than when all has been measured.
    private static void checkWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw new BadInput("--json " + file + " cannot be written");
        }
    }

    private int run(Bench bench, @Nullable BenchPeer there, String version) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        BenchResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = bench.progress(now -> line.show(() -> text(now))).run();
        } catch (BenchFailedException e) {
            out.println(e.getMessage());
            e.console().forEach(said -> out.println("  " + said));
            out.flush();
            return ExitCode.FINDING;
        }
        out.print(BenchText.text(result));
        if (there != null) {
            out.printf("peer: %s in %s%n", there.xen(), version);
        }
        out.flush();
        if (json != null) {
            try {
                Files.writeString(json, BenchText.json(result, there, version));
            } catch (IOException e) {
                throw new BadInput("--json " + json + " cannot be written");
            }
        }
        return ExitCode.FINE;
    }

    private static String text(Bench.Progress now) {
        return "round %d of %d, %s: batch %d of %d"
                .formatted(now.round(), now.rounds(), now.side(), now.batches(), now.of());
    }
}
