// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Verdict;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.evidence.Digests;
import org.provisor.proofs.evidence.Identity;
import org.provisor.proofs.evidence.Pack;
import org.provisor.proofs.evidence.PagePdf;
import org.provisor.proofs.evidence.Run;
import org.provisor.proofs.evidence.Shelf;
import org.provisor.proofs.evidence.Shelf.Timed;
import org.provisor.proofs.requirement.Traceability;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.refine.xen.QemuXen;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/// The command `provisor certify`.
@Command(
        name = "certify",
        description = {
            "Runs what supports each claim, and writes the evidence pack that an assessor is"
                + " handed: requirements generated from the specification and traced both ways,"
                + " results, safety case, assumptions, the digest of everything, and a page to read"
                + " first.",
            "",
            "A pack is of one profile of the specification: what is run in it is claimed there, and"
                    + " of no other.",
            "",
            "A real Xen is judged as well where QEMU and Xen are installed; else the pack says that"
                + " it was not. What was interrupted goes on where it was. With a number of steps"
                + " instead of a time, the same seed gives the same pack, byte for byte, but for"
                + " the file with the times.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":nothing failed, and the pack is written",
            ExitCode.FINDING + ":something failed; the pack is written, and says what",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class CertifyCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the pack goes; an older pack there is replaced (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path out = Path.of("evidence");

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "How long all of it should take, like 10m or 2h (default:"
                            + " ${DEFAULT-VALUE}): longer, and more is made up by chance.")
    private String budget = "10m";

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "So many steps are made up by chance, however long that takes.")
    private @Nullable Long steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance starts, decimal or 0x... (default: ${DEFAULT-VALUE}).")
    private String seed = "1";

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads, 1 to 1024 (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description =
                    "builtin, or xen, or xen=FILE: a real Xen as well, Debian's or this one"
                            + " (default: xen if it is installed).")
    private @Nullable String subject;

    private final XenOptions xen = new XenOptions();

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "An Ed25519 private key in PEM, which signs the pack (default: unsigned).")
    private @Nullable Path key;

    @Option(
            names = "--claim",
            paramLabel = "NAME",
            description = "Runs only what supports this claim, and writes no pack.")
    private @Nullable String claim;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settings();
        if (claim != null) {
            return oneClaim(settings, claim);
        }
        try {
            if (!Pack.replaceable(out)) {
                throw new BadInput("--out " + out + " is there, and is no pack of evidence");
            }
            return certify(settings);
        } catch (IOException e) {
            throw new BadInput("cannot write " + out + ": " + e.getMessage());
        }
    }

    private Settings settings() {
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
        }
        if (steps != null && steps < 1) {
            throw new BadInput("--steps must be 1 or more, not " + steps);
        }
        if (subject != null && subject.startsWith("xen=")) {
            xen.use(Path.of(subject.substring("xen=".length())));
        } else if (subject != null && !subject.equals("builtin") && !subject.equals("xen")) {
            throw new BadInput("--subject must be builtin, xen or xen=FILE, not " + subject);
        }
        Optional<Settings.XenUnderTest> under = Optional.empty();
        String missing = "not asked for";
        if (subject == null || !subject.equals("builtin")) {
            try {
                QemuXen.Setup setup = xen.setups().getFirst();
                under = Optional.of(new Settings.XenUnderTest(setup.xen(), setup.qemu()));
            } catch (BadInput e) {
                if (subject != null) {
                    throw e;
                }
                missing = String.valueOf(e.getMessage());
            }
        }
        try {
            return new Settings(
                    SourceTree.of(Target.SPECIFICATION).project(),
                    profile.orUsual(),
                    Seeds.number(seed),
                    Optional.ofNullable(steps),
                    ExploreTime.nanos(budget),
                    jobs,
                    under,
                    missing);
        } catch (IllegalArgumentException | SeededException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private int oneClaim(Settings settings, String name) throws InterruptedException {
        Activity activity =
                Activities.named(name)
                        .orElseThrow(() ->
                                new BadInput(
                                        "there is no claim "
                                                + name
                                                + "; there are "
                                                + String.join(
                                                        ", ",
                                                        Activities.all().stream()
                                                                .map(Activity::name)
                                                                .toList())));
        Timed timed = run(activity, settings);
        show(timed, false);
        timed.result()
                .failures()
                .forEach(each -> out().printf("%s%n%s%n", each.name(), each.what()));
        out().flush();
        return timed.result().verdict() == Verdict.PASSED ? ExitCode.FINE : ExitCode.FINDING;
    }

    private int certify(Settings settings) throws IOException, InterruptedException {
        var privateKey = key == null ? null : Keys.privateKey(key);
        Version version = Version.current();
        Identity identity = new Identity(version.version(), version.commit());
        Shelf shelf = new Shelf(out.toAbsolutePath().resolveSibling(out.getFileName() + ".work"));
        String build =
                Digests.of(
                        Digests.sources(settings.project(), out)
                                .toString()
                                .getBytes(StandardCharsets.UTF_8));
        String xenDigest = settings.xen().isEmpty() ? "" : Digests.of(settings.xen().get().image());
        List<Result> results = new ArrayList<>();
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (Activity activity : Activities.all()) {
            String depends =
                    String.join(
                            " ",
                            build,
                            settings.profile().toString(),
                            xenDigest,
                            activity.inputs(settings));
            Optional<Timed> kept = shelf.result(activity.name(), depends);
            Timed timed = kept.isPresent() ? kept.get() : run(activity, settings);
            show(timed, kept.isPresent());
            if (timed.result().verdict() != Verdict.NOT_RUN) {
                shelf.keep(depends, timed);
            }
            results.add(timed.result());
            seconds.put(activity.name(), timed.seconds());
        }
        Run run =
                new Run(identity, settings, Traceability.of(settings.project()), results, seconds);
        String digest = Pack.write(run, out, privateKey);
        shelf.clear();
        out().printf("wrote %s, which is pack %s%n", out, digest);
        out().printf("read %s first%n", out.resolve("index.html"));
        out().println(PagePdf.of(out));
        out().flush();
        return run.passed() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private Timed run(Activity activity, Settings settings) throws InterruptedException {
        String missing = activity.missing(settings);
        if (!missing.isEmpty()) {
            return new Timed(Result.notRun(activity, missing), 0);
        }
        long start = System.nanoTime();
        try (ProgressLine line = ProgressLine.onStandardError()) {
            line.show(activity::name);
            Result result =
                    activity.run(settings, text -> line.show(() -> activity.name() + ": " + text));
            return new Timed(result, (System.nanoTime() - start) / 1e9);
        }
    }

    private void show(Timed timed, boolean kept) {
        Result result = timed.result();
        String time =
                kept
                        ? " (kept)"
                        : timed.seconds() == 0
                                ? ""
                                : String.format(Locale.ROOT, " (%.1f s)", timed.seconds());
        out().printf(
                        "%-8s %-13s %s%s%n",
                        result.verdict().text(), result.activity(), result.summary(), time);
        out().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
