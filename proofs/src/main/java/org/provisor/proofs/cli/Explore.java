// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.ExplorationException;
import org.provisor.proofs.explore.Progress;
import org.provisor.proofs.explore.Summary;
import org.provisor.proofs.explore.Violation;
import org.provisor.proofs.members.ExploreLane;
import org.provisor.proofs.members.Leases;
import org.provisor.proofs.members.MembersException;
import org.provisor.proofs.smallworld.Group;
import org.provisor.proofs.smallworld.GuestContents;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.proofs.smallworld.WorldSize;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/// The command `provisor explore`.
@Command(
        name = "explore",
        description = {
            "Explores a small world to its last state: every action, every place at which a call"
                + " can be preempted, everything a guest may have in its frames. In each state all"
                + " invariants must hold, and no action may break a rule.",
            "",
            "Groups of actions:",
            "  pins         pinning and unpinning page tables",
            "  entries      changing entries of page tables",
            "  roots        loading kernel and user roots",
            "  pages        clearing and copying whole pages",
            "  reservation  giving memory back, taking, exchanging and claiming it",
            "  strict       switching the assist m2p_strict on and off",
            "  death        destroying the guest",
            "  second       all of these by a second vCPU of the guest too",
            "  control      all of these by the control domain too, on its own frames",
            "  foreign      all of these by the control domain too, on the guest's frames",
            "",
            "What a guest may have in a frame that is about to be checked:",
            "  empty        nothing",
            "  one          at most one entry, for any frame, read-only or writable",
            "  all          any such entries",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":nothing was broken, as far as the exploration went",
            ExitCode.FINDING + ":something was broken",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class Explore implements Callable<Integer> {

    private static final int MOST_LANES = 1024;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--frames",
            paramLabel = "N",
            description =
                    "Frames of memory, 1 to 7 (default: ${DEFAULT-VALUE}). One is the control"
                            + " domain's; one is free if memory can be taken; the rest are the"
                            + " guest's.")
    private int frames = WorldSize.STANDARD.frames();

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Entries in a page table, 1 to 4 (default: ${DEFAULT-VALUE}).")
    private int slots = WorldSize.STANDARD.slots();

    @Option(
            names = "--levels",
            paramLabel = "N",
            description =
                    "Highest level that frames are pinned at, 1 to 4 (default: ${DEFAULT-VALUE}).")
    private int levels = WorldSize.STANDARD.levels();

    @Option(
            names = "--groups",
            paramLabel = "GROUP",
            split = ",",
            description = "Groups of actions, or `all` (default: pins,entries,death).")
    private List<String> groups =
            WorldSize.STANDARD.groups().stream().map(Group::toString).toList();

    @Option(
            names = "--contents",
            paramLabel = "CONTENTS",
            description = "What a guest may have in a frame (default: ${DEFAULT-VALUE}).")
    private String contents = WorldSize.STANDARD.contents().toString();

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(names = "--no-linear", description = "Without tables that refer to their own level.")
    private boolean noLinear;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Threads, 1 to 1024 (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Keeps the exploration in this directory, and goes on with what is there."
                            + " Otherwise it is kept in memory and lost.")
    private @Nullable Path out;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "Stops after this time, like 90s, 20m or 8h.")
    private @Nullable String budget;

    @Option(names = "--max-states", paramLabel = "N", description = "Stops at so many states.")
    private @Nullable Long maxStates;

    @Option(names = "--max-depth", paramLabel = "N", description = "Stops at so many steps.")
    private @Nullable Integer maxDepth;

    @Option(
            names = "--keep-going",
            description =
                    "Does not stop when something is broken. What comes after a state in which an"
                            + " invariant does not hold is left out.")
    private boolean keepGoing;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Writes the shortest way to each thing broken to this file as well.")
    private @Nullable Path trace;

    @Mixin private final MembersOption members = new MembersOption();

    @Override
    public Integer call() {
        WorldSize size = size();
        SmallWorld world = new SmallWorld(size);
        Summary summary = members.given() ? exploredByMembers(world, size) : explored(world);
        show(summary);
        traces(world, summary);
        out().flush();
        return summary.violations().isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
    }

    private WorldSize size() {
        try {
            WorldSize size =
                    WorldSize.of(frames, slots, chosenGroups(), chosenContents()).upTo(levels);
            return (noLinear ? size.withoutLinear() : size).in(profile.orUsual());
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private Set<Group> chosenGroups() {
        Set<Group> chosen = EnumSet.noneOf(Group.class);
        for (String name : groups) {
            if (name.equals("all")) {
                chosen.addAll(EnumSet.allOf(Group.class));
            } else {
                chosen.add(chosen(Group.values(), name, "group of actions"));
            }
        }
        return chosen;
    }

    private GuestContents chosenContents() {
        return chosen(GuestContents.values(), contents, "kind of contents");
    }

    private static <T> T chosen(T[] all, String name, String what) {
        for (T each : all) {
            if (each.toString().equals(name)) {
                return each;
            }
        }
        throw new BadInput(
                "there is no " + what + " '" + name + "'; see 'provisor explore --help'");
    }

    private Summary explored(SmallWorld world) {
        try (ProgressLine line = ProgressLine.onStandardError()) {
            Exploration exploration = new Exploration(world).jobs(jobs);
            exploration.progress(progress -> line.show(() -> text(progress)));
            return explored(exploration);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    /// The same, states expanded by members. A thread waits for each unit that they have, and as
    /// many more for members that join later.
    private Summary exploredByMembers(SmallWorld world, WorldSize size) {
        try (ProgressLine line = ProgressLine.onStandardError();
                Leases leases = members.join(1, Objects.requireNonNull(spec), line)) {
            Exploration exploration =
                    new Exploration(world)
                            .jobs(Math.min(2 * leases.room(), MOST_LANES))
                            .lane(new ExploreLane(leases, size));
            exploration.progress(
                    progress -> line.show(() -> text(progress) + members.text(leases)));
            return explored(exploration);
        } catch (MembersException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private Summary explored(Exploration exploration) {
        try {
            if (out != null) {
                exploration.out(out);
            }
            if (budget != null) {
                exploration.budgetNanos(ExploreTime.nanos(budget));
            }
            if (maxStates != null) {
                exploration.maxStates(maxStates);
            }
            if (maxDepth != null) {
                exploration.maxDepth(maxDepth);
            }
            if (keepGoing) {
                exploration.keepGoing();
            }
            return exploration.run();
        } catch (IllegalArgumentException | ExplorationException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private static String text(Progress progress) {
        return String.format(
                Locale.ROOT,
                "%,d states, %,d left, depth %d; %,d transitions, %,.0f a second",
                progress.states(),
                progress.frontier(),
                progress.depth(),
                progress.transitions(),
                progress.transitionsPerSecond());
    }

    private void show(Summary summary) {
        Formatter text = new Formatter(Locale.ROOT);
        text.format("world           %s%n", summary.configuration());
        text.format("ending          %s%n", summary.endingText());
        text.format(
                "states          %,d, at most %d steps away%n", summary.states(), summary.depth());
        text.format(
                "transitions     %,d, of which %,d change nothing%n",
                summary.transitions(), summary.selfLoops());
        summary.transitionsByKind()
                .forEach((kind, count) -> {
                    if (count > 0) {
                        text.format("                %,13d %s%n", count, kind);
                    }
                });
        text.format(
                "out of a state  %d to %d transitions, %.1f on average%n",
                summary.minOutDegree(), summary.maxOutDegree(), summary.meanOutDegree());
        text.format(
                "dead ends       %,d%s%n",
                summary.deadlocks(),
                summary.deadlocks() == 0 ? "" : ", each where an invariant does not hold");
        text.format(
                "time            %.1f s, %,.0f transitions a second%n",
                summary.nanos() / 1e9, summary.transitionsPerSecond());
        text.format(
                "memory          %,d MiB for the states, %,d MiB to know them again%n",
                (summary.logBytes() + summary.bufferBytes()) >> 20, summary.tableBytes() >> 20);
        text.format(
                "state missed    with probability %.1g at most: two fingerprints were the same%n",
                summary.collisionProbability());
        text.format("digest          %016x%n", summary.digest());
        text.format("broken          %s%n", broken(summary));
        out().print(text);
    }

    private static String broken(Summary summary) {
        return switch (summary.violations().size()) {
            case 0 -> summary.complete() ? "nothing" : "nothing, as far as it went";
            case 1 -> "one thing:";
            default -> summary.violations().size() + " things:";
        };
    }

    private void traces(SmallWorld world, Summary summary) {
        Formatter told = new Formatter(Locale.ROOT);
        for (Violation violation : summary.violations()) {
            told.format("%n%s (%,d times)%n", violation.what(), violation.count());
            told.format("%s", world.tell(violation.trace()));
        }
        out().print(told);
        if (trace != null) {
            try {
                Files.writeString(trace, told.toString());
            } catch (IOException e) {
                throw new BadInput("cannot write " + trace + ": " + e.getMessage());
            }
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
