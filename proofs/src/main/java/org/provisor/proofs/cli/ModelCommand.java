// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.model.Manifest;
import org.provisor.model.Ran;
import org.provisor.model.Receipt;
import org.provisor.model.Runner;
import org.provisor.model.bridge.Bridge;
import org.provisor.model.bridge.Bridged;
import org.provisor.model.bridge.Concern;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The command `provisor model`.
@Command(
        name = "model",
        description = {
            "Runs the Alloy models, and bridges each to the specification in both directions:"
                    + " instances of the model are done by the rules, and transitions of the rules"
                    + " are asked of the model."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":everything is as expected",
            ExitCode.FINDING + ":a command, two solvers, or a model and the rules disagree",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class ModelCommand implements Callable<Integer> {

    private static final String ROW = "%-42s %-6s %8s  %s%n";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--full",
            description = "All commands and over 100,000 bridged instances, not only the build's.")
    private boolean full;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = {
                "Only this model, or this command of one as model/command; can be given more than"
                        + " once. A command by itself is not bridged."
            })
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many run at a time, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int jobs = 1;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to write receipt.json, which says what ran (default: nowhere).")
    private @Nullable Path out;

    @Override
    public Integer call() throws InterruptedException {
        if (jobs < 1 || jobs > 64) {
            throw new BadInput("--jobs must be 1 to 64, not " + jobs);
        }
        List<Manifest.Entry> entries = entries();
        List<Concern> concerns = concerns();
        if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
            throw new BadInput(out + " is no directory");
        }
        Runner.quiet();
        List<Ran> ran = new ArrayList<>();
        List<Bridged> bridged = new ArrayList<>();
        try (ProgressLine progress = ProgressLine.onStandardError();
                ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            commands(entries, progress, threads, ran);
            bridges(concerns, progress, threads, bridged);
        }
        receipt(Receipt.of(ran, bridged));
        long wrong =
                ran.stream().filter(each -> !each.asExpected()).count()
                        + bridged.stream().filter(each -> !each.mismatches().isEmpty()).count();
        long checked = bridged.stream().mapToLong(Bridged::checked).sum();
        out().printf(
                        Locale.ROOT,
                        "%d commands, %,d bridged transitions, %s%n",
                        ran.size(),
                        checked,
                        wrong == 0 ? "all as expected" : wrong + " findings");
        out().flush();
        return wrong == 0 ? ExitCode.FINE : ExitCode.FINDING;
    }

    private List<Manifest.Entry> entries() {
        Manifest manifest = Manifest.shipped();
        for (String name : only) {
            if (manifest.entries().stream().noneMatch(entry -> names(name, entry))) {
                throw new BadInput(
                        "no model and no command is called "
                                + name
                                + "; the models are "
                                + String.join(", ", manifest.models()));
            }
        }
        return manifest.entries().stream()
                .filter(entry ->
                        only.isEmpty()
                                ? full || entry.tier() == Manifest.Tier.BUILD
                                : only.stream()
                                        .anyMatch(name ->
                                                names(name, entry)
                                                        && (full
                                                                || entry.name().equals(name)
                                                                || entry.tier()
                                                                        == Manifest.Tier.BUILD)))
                .toList();
    }

    private static boolean names(String name, Manifest.Entry entry) {
        return name.equals(entry.model()) || name.equals(entry.name());
    }

    private List<Concern> concerns() {
        return Manifest.shipped().models().stream()
                .filter(model -> Concern.has(model) && (only.isEmpty() || only.contains(model)))
                .map(Concern::of)
                .toList();
    }

    private void commands(
            List<Manifest.Entry> entries,
            ProgressLine progress,
            ExecutorService threads,
            List<Ran> ran)
            throws InterruptedException {
        List<Future<Ran>> all = new ArrayList<>();
        for (Manifest.Entry entry : entries) {
            all.add(
                    threads.submit(() -> {
                        progress.show(entry::name);
                        return Runner.run(entry);
                    }));
        }
        out().printf(ROW, "command", "found", "seconds", "solvers");
        for (Future<Ran> each : all) {
            Ran result = got(each);
            ran.add(result);
            progress.close();
            show(result);
        }
    }

    private void show(Ran ran) {
        StringBuilder solvers = new StringBuilder();
        double seconds = 0;
        for (Ran.Answer answer : ran.answers()) {
            solvers.append(solvers.isEmpty() ? "" : ", ").append(answer.solver());
            seconds += answer.seconds();
        }
        String found = ran.answers().getFirst().satisfiable() ? "yes" : "no";
        String finding = ran.asExpected() ? "" : "  FINDING: " + ran.finding();
        out().printf(
                        Locale.ROOT,
                        ROW,
                        ran.entry().name(),
                        ran.agreed() ? found : "?",
                        String.format(Locale.ROOT, "%.1f", seconds),
                        solvers + finding);
        out().flush();
    }

    private void bridges(
            List<Concern> concerns,
            ProgressLine progress,
            ExecutorService threads,
            List<Bridged> bridged)
            throws InterruptedException {
        List<Future<Bridged>> all = new ArrayList<>();
        for (Concern concern : concerns) {
            for (Bridge.Part part : full ? Bridge.full(concern) : Bridge.build(concern)) {
                all.add(
                        threads.submit(() ->
                                part.run(done ->
                                        progress.show(() -> concern.model() + ": " + done))));
            }
        }
        for (Future<Bridged> each : all) {
            Bridged result = got(each);
            bridged.add(result);
            progress.close();
            show(result);
        }
    }

    private void show(Bridged bridged) {
        out().printf(
                        Locale.ROOT,
                        "%-18s %-20s %,9d transitions, %,d refused, of %d frames%s, %.1f s%n",
                        bridged.model(),
                        bridged.way(),
                        bridged.checked(),
                        bridged.refused(),
                        bridged.frames(),
                        bridged.complete() ? ", all there are" : "",
                        bridged.seconds());
        bridged.mismatches().forEach(mismatch -> out().println("FINDING: " + mismatch));
        out().flush();
    }

    private static <T> T got(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void receipt(String text) {
        if (out == null) {
            return;
        }
        try {
            Files.createDirectories(out);
            Files.writeString(out.resolve("receipt.json"), text);
        } catch (IOException e) {
            throw new BadInput("cannot write to " + out);
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
