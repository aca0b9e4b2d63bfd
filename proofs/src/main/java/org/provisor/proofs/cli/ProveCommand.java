// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.smt.Proof;
import org.provisor.proofs.smt.Proof.Opinion;
import org.provisor.proofs.smt.Prover;
import org.provisor.proofs.smt.Solver;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The command `provisor prove`.
@Command(
        name = "prove",
        description = {
            "Proves by SMT solvers that each transition of the core of memory management keeps the"
                    + " core invariants, for any number of frames and domains, and that wrong"
                    + " variants of it do not."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":everything is proved",
            ExitCode.FINDING + ":something is refuted or unknown",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class ProveCommand implements Callable<Integer> {

    private static final Pattern SECONDS = Pattern.compile("([1-9][0-9]{0,3})s");

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only this obligation; can be given more than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--solver",
            paramLabel = "SOLVER",
            description =
                    "z3, smtinterpol or both (default: both; Z3 where its library can be loaded).")
    private String solver = "both";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long a question may take, as 60s (default: ${DEFAULT-VALUE}).")
    private String timeout = "10s";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to write every question as a .smt2 file (default: nowhere).")
    private @Nullable Path out;

    @Override
    public Integer call() {
        Prover prover = new Prover();
        List<String> names = names(prover);
        List<Solver> solvers = solvers();
        Matcher time = SECONDS.matcher(timeout);
        if (!time.matches()) {
            throw new BadInput("--timeout must be 1s to 9999s, not " + timeout);
        }
        if (out != null) {
            write(prover, names, out);
        }
        long wrong = 0;
        double seconds = 0;
        out().printf("%-16s %-8s %7s  %s%n", "obligation", "verdict", "seconds", "by");
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            for (String name : names) {
                progress.show(() -> name);
                Proof proof = prover.prove(name, solvers, 1000L * Long.parseLong(time.group(1)));
                wrong += proof.verdict() == Proof.Verdict.PROVED ? 0 : 1;
                seconds += proof.seconds();
                show(progress, proof);
            }
        }
        out().printf(
                        Locale.ROOT,
                        "%d obligations of %d invariants, %.0f s, %s%n",
                        names.size(),
                        prover.invariants(),
                        seconds,
                        wrong == 0 ? "all proved" : wrong + " findings");
        out().flush();
        return wrong == 0 ? ExitCode.FINE : ExitCode.FINDING;
    }

    private List<String> names(Prover prover) {
        for (String name : only) {
            if (!prover.names().contains(name)) {
                throw new BadInput(
                        "no obligation is called "
                                + name
                                + "; there are "
                                + String.join(", ", prover.names()));
            }
        }
        return prover.names().stream()
                .filter(name -> only.isEmpty() || only.contains(name))
                .toList();
    }

    private List<Solver> solvers() {
        if (solver.equals("both")) {
            return Arrays.stream(Solver.values()).filter(Solver::available).toList();
        }
        Solver one =
                Arrays.stream(Solver.values())
                        .filter(each -> each.text().equals(solver))
                        .findFirst()
                        .orElseThrow(() ->
                                new BadInput(
                                        "--solver must be z3, smtinterpol or both, not " + solver));
        if (!one.available()) {
            throw new BadInput("--solver " + solver + ": its library cannot be loaded here");
        }
        return List.of(one);
    }

    private void show(ProgressLine progress, Proof proof) {
        progress.close();
        StringBuilder by = new StringBuilder();
        for (Opinion opinion : proof.opinions()) {
            by.append(by.isEmpty() ? "" : ", ").append(opinion.solver().text());
            if (opinion.verdict() == Proof.Verdict.PROVED) {
                by.append(" (").append(opinion.refuted()).append(" wrong variants refuted)");
            } else {
                by.append(": ").append(String.join("; ", opinion.what()));
            }
        }
        out().printf(
                        Locale.ROOT,
                        "%-16s %-8s %7.1f  %s%n",
                        proof.name(),
                        proof.verdict().name().toLowerCase(Locale.ROOT),
                        proof.seconds(),
                        by);
        out().flush();
    }

    private static void write(Prover prover, List<String> names, Path directory) {
        try {
            Files.createDirectories(directory);
            for (String name : names) {
                for (Map.Entry<String, String> script : prover.scripts(name).entrySet()) {
                    Files.writeString(
                            directory.resolve(script.getKey() + ".smt2"), script.getValue());
                }
            }
        } catch (IOException e) {
            throw new BadInput("cannot write to " + directory);
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
