// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.seeded.CampaignJudge;
import org.provisor.proofs.seeded.ErrorFile;
import org.provisor.proofs.seeded.RuleJudge;
import org.provisor.proofs.seeded.SeededError;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor seeded`.
@Command(
        name = "seeded",
        description = {
            "Puts errors into the specification or the implementation, one at a time, and says what"
                    + " finds them.",
            "",
            "--in spec: rules of the specification, judged by the worked examples and by the"
                + " exploration of small worlds; with --by conform by comparing them with a real"
                + " Xen, as provisor conform does, errors that can be seen so.",
            "--in impl: the implementation, judged by the campaign that compares it with the"
                + " specification: the same for each error, until a difference is found. With"
                + " --vcpus 2, errors that show only when two vCPUs make calls at the same time."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":every error was found",
            ExitCode.FINDING + ":an error was not found",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class Seeded implements Callable<Integer> {

    private static final String CONFORM = "conform";
    private static final String RACES = "races";

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final XenOptions xen = new XenOptions();

    @Option(
            names = "--in",
            paramLabel = "MODULE",
            description = "Where the errors are: spec or impl (default: ${DEFAULT-VALUE}).")
    private String module = Target.SPECIFICATION.module();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only this error; can be given more than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "How long to look for one error, like 90s or 2m (default: 2m in spec, 60s in"
                            + " impl).")
    private @Nullable String budget;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description =
                    "Threads: in spec they explore one world, in impl and on a real Xen each looks"
                            + " for an error (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--by",
            paramLabel = "WAY",
            description =
                    "In spec: examples, exploration, or both: exploration for what no example"
                            + " finds; or conform (default: both). In impl: campaign, or conform,"
                            + " by the kernel that also runs below a real Xen; or races, with"
                            + " --vcpus 2, by calls that meet at each point (default: campaign).")
    private @Nullable String by;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "In impl and on a real Xen: what calls are made up from, the same for all"
                            + " errors (default: 1).")
    private @Nullable Long seed;

    @Option(
            names = "--vcpus",
            paramLabel = "N",
            description =
                    "In impl: how many vCPUs make calls at the same time, 1 or 2 (default:"
                            + " ${DEFAULT-VALUE}).")
    private int vcpus = 1;

    @Option(
            names = "--errors",
            paramLabel = "FILE",
            description = "Errors of your own, stated like those that are shipped.")
    private @Nullable Path file;

    @Option(names = "--list", description = "Says which errors there are, and judges none.")
    private boolean list;

    @Option(names = "--traces", description = "Says of each error how it shows.")
    private boolean traces;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes what came out as comma-separated values too.")
    private @Nullable Path table;

    @Override
    public Integer call() {
        try {
            Target target = target();
            boolean onXen = target == Target.SPECIFICATION && CONFORM.equals(by);
            List<SeededError> errors = chosen(file == null ? shipped(target, onXen) : read(file));
            if (list) {
                return listed(errors);
            }
            boolean found =
                    (target == Target.SPECIFICATION && !onXen)
                            ? new SeededRules(out(), traces, table).judged(rules(), errors)
                            : new SeededByCampaign(out(), traces, table, checkedJobs())
                                    .judged(onXen ? onXen() : implementation(target), errors);
            return found ? ExitCode.FINE : ExitCode.FINDING;
        } catch (SeededException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private Target target() {
        if (vcpus != 1 && vcpus != 2) {
            throw new BadInput("--vcpus must be 1 or 2, not " + vcpus);
        }
        if (vcpus == 2) {
            if (!module.equals(Target.TWO_VCPUS.module())) {
                throw new BadInput("--vcpus is for --in impl");
            }
            return Target.TWO_VCPUS;
        }
        if (module.equals(Target.GUEST_PATH.module()) && CONFORM.equals(by)) {
            return Target.GUEST_PATH;
        }
        for (Target target : Target.values()) {
            if (target.module().equals(module)) {
                return target;
            }
        }
        throw new BadInput("--in must be spec or impl, not " + module);
    }

    private static List<SeededError> shipped(Target target, boolean onXen) {
        return onXen ? ErrorFile.shippedForXen() : ErrorFile.shipped(target);
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
        int width = SeededColumns.width(errors);
        for (SeededError error : errors) {
            out().println(
                            SeededColumns.padded(error.name(), width)
                                    + error.what()
                                    + " "
                                    + error.source());
        }
        out().flush();
        return ExitCode.FINE;
    }

    private RuleJudge rules() {
        String way = by == null ? "both" : by;
        if (!List.of("examples", "exploration", "both").contains(way)) {
            throw new BadInput("--by must be examples, exploration, both or conform, not " + way);
        }
        if (seed != null) {
            throw new BadInput("--seed is for --in impl: the specification is explored, not tried");
        }
        return new RuleJudge(
                SourceTree.of(Target.SPECIFICATION),
                !way.equals("exploration"),
                !way.equals("examples"),
                nanos("2m"),
                checkedJobs());
    }

    private CampaignJudge implementation(Target target) {
        if (target == Target.TWO_VCPUS && RACES.equals(by)) {
            if (seed != null) {
                throw new BadInput("--seed is for calls that are made up by chance");
            }
            return CampaignJudge.byRaces(SourceTree.of(target), nanos("2m"));
        }
        if (by != null && !by.equals(target == Target.GUEST_PATH ? CONFORM : "campaign")) {
            throw new BadInput(
                    "--in impl goes --by campaign, by conform with one vCPU, or by races with two,"
                            + " not "
                            + by);
        }
        return new CampaignJudge(SourceTree.of(target), chosenSeed(), nanos("60s"));
    }

    private CampaignJudge onXen() {
        List<QemuXen.Setup> setups = xen.setups();
        return CampaignJudge.onXen(
                SourceTree.of(Target.SPECIFICATION),
                chosenSeed(),
                nanos("2m"),
                setups.get(0).xen(),
                setups.stream().map(QemuXen.Setup::qemu).toList());
    }

    private long chosenSeed() {
        return seed == null ? 1 : seed;
    }

    private long nanos(String otherwise) {
        return ExploreTime.nanos(budget == null ? otherwise : budget);
    }

    private int checkedJobs() {
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
        }
        return jobs;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
