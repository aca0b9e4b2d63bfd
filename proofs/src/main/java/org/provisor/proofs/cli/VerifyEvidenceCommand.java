// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Verdict;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.evidence.Digests;
import org.provisor.proofs.evidence.EvidenceCheck;
import org.provisor.proofs.evidence.Pack;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.refine.program.NamedProfile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// The command `provisor verify-evidence`.
@Command(
        name = "verify-evidence",
        description = {
            "Checks that nothing in an evidence pack was changed, dropped or added since it was"
                    + " written, and runs a sample of its claims again."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":the pack is as it was written, and the sample came out the same",
            ExitCode.FINDING + ":it is not, or the sample did not",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class VerifyEvidenceCommand implements Callable<Integer> {

    /// What does the same each time, whatever the budget, and does not take long.
    private static final List<String> QUICK =
            List.of("traceability", "examples", "traces", "seeded-rules", "model");

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The pack.")
    private Path directory = Path.of("evidence");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The Ed25519 public key in PEM by which the pack has to be signed.")
    private @Nullable Path key;

    @Option(
            names = "--digest",
            paramLabel = "SHA256",
            description = "The digest by which certify called the pack.")
    private @Nullable String digest;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "How many claims to run again, 0 to 5 (default: ${DEFAULT-VALUE}).")
    private int sample = 2;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Which claims they are (default: another choice each time).")
    private @Nullable String seed;

    @Override
    public Integer call() throws InterruptedException {
        if (sample < 0 || sample > QUICK.size()) {
            throw new BadInput("--sample must be 0 to " + QUICK.size() + ", not " + sample);
        }
        if (!Files.isRegularFile(directory.resolve(Pack.MANIFEST))) {
            throw new BadInput(directory + " is no evidence pack: it has no " + Pack.MANIFEST);
        }
        try {
            List<String> wrong =
                    new ArrayList<>(
                            EvidenceCheck.wrong(
                                    directory, key == null ? null : Keys.publicKey(key)));
            String is = Digests.of(directory.resolve(Pack.MANIFEST));
            if (digest != null && !digest.equals(is)) {
                wrong.add("it is pack " + is + ", not " + digest);
            }
            wrong.forEach(each -> out().println(each));
            if (!wrong.isEmpty()) {
                out().printf("%s is not as it was written%n", directory);
                out().flush();
                return ExitCode.FINDING;
            }
            out().printf("pack %s is as it was written%n", is);
            return again();
        } catch (IOException e) {
            throw new BadInput("cannot read " + directory + ": " + e.getMessage());
        }
    }

    private int again() throws IOException, InterruptedException {
        if (sample == 0) {
            out().flush();
            return ExitCode.FINE;
        }
        Path project = SourceTree.of(Target.SPECIFICATION).project();
        Map<String, String> said = EvidenceCheck.sources(directory);
        Map<String, String> here = Digests.sources(project, directory);
        TreeSet<String> changed = new TreeSet<>(said.keySet());
        changed.addAll(here.keySet());
        changed.removeIf(path -> Objects.equals(said.get(path), here.get(path)));
        boolean same = changed.isEmpty();
        if (!same) {
            out().printf(
                            "the sources here are not those of the pack: %d files differ, such as"
                                    + " %s; only verdicts are compared%n",
                            changed.size(), changed.first());
        }
        List<String> names = new ArrayList<>(QUICK);
        Random random = new Random(seed == null ? System.nanoTime() : Seeds.number(seed));
        Collections.shuffle(names, random);
        boolean fine = true;
        for (String name : names.subList(0, sample)) {
            fine &= cameOutTheSame(name, project, same);
        }
        out().flush();
        return fine ? ExitCode.FINE : ExitCode.FINDING;
    }

    private boolean cameOutTheSame(String name, Path project, boolean same)
            throws IOException, InterruptedException {
        Activity activity = Activities.named(name).orElseThrow();
        Result before =
                EvidenceCheck.verdicts(directory).stream()
                        .filter(each -> each.activity().equals(name))
                        .findFirst()
                        .orElseThrow();
        Settings settings =
                new Settings(
                        project,
                        NamedProfile.XEN_4_17,
                        1,
                        Optional.empty(),
                        1,
                        Runtime.getRuntime().availableProcessors(),
                        Optional.empty(),
                        "");
        Result now;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            now = activity.run(settings, text -> line.show(() -> name + ": " + text));
        }
        boolean agreed =
                before.verdict() == now.verdict()
                        && (!same || before.summary().equals(now.summary()));
        if (before.verdict() == Verdict.NOT_RUN) {
            agreed = true;
        }
        out().printf(
                        "%s %s: %s%n",
                        agreed ? "again  " : "DIFFERS",
                        name,
                        agreed
                                ? now.summary()
                                : now.verdict().text()
                                        + ", "
                                        + now.summary()
                                        + "; the pack says "
                                        + before.verdict().text()
                                        + ", "
                                        + before.summary());
        return agreed;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
