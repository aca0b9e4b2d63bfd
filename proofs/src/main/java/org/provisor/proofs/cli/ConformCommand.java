// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Progress;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.campaign.Witness;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.program.World;
import org.provisor.refine.xen.ProbeHost;
import org.provisor.refine.xen.XenLostException;
import org.provisor.refine.xen.XenSubject;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The command `provisor conform`.
@Command(
        name = "conform",
        description = {
            "Compares a real Xen with the specification: programs of hypercalls made up by chance"
                + " run on both, and after every call both must agree in what a guest can see and"
                + " in Xen's own reference counts. Xen runs in QEMU, without hardware"
                + " virtualisation, below a kernel of a few kilobytes that does what it is told.",
            "",
            "What differs is shrunk to the least program that shows it, run again on a Xen that has"
                    + " just started, and printed as a trace. That Xen panics, hangs or ends is a"
                    + " difference like any other.",
            "",
            "With --builtin the implementation takes Xen's place: the same kernel runs on its"
                    + " processor, by its page tables, system calls and exceptions.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":no difference, as far as it went",
            ExitCode.FINDING + ":a difference, or Xen was lost",
            ExitCode.BAD_INPUT + ":bad input, or no Xen, or no QEMU",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class ConformCommand implements Callable<Integer> {

    /// Starting Xen may take long where much else runs.
    private static final Duration HUNG = Duration.ofMinutes(3);

    private static final Duration SHRINKING = Duration.ofSeconds(30);

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final XenOptions xen = new XenOptions();

    @Mixin private final CampaignOptions options = new CampaignOptions();

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(names = "--builtin", description = "Compares the implementation instead of a Xen.")
    private boolean builtin;

    @Option(
            names = "--thorough",
            description = "Compares everything after every step, not only what it touched.")
    private boolean thorough;

    private @Nullable World world;

    private final Queue<XenSubject> played = new ConcurrentLinkedQueue<>();

    @Override
    public Integer call() {
        List<? extends ProbeHost.Setup> setups =
                builtin ? List.of(ownHypervisor()) : xen.setups(profile.orUsual());
        ProbeHost.Setup first = setups.get(0);
        Campaign campaign = new Campaign(() -> subject(first));
        options.ask(campaign);
        try {
            world = XenSubject.worldOf(first);
        } catch (XenLostException e) {
            out().printf("Xen does not start: %s%n", e.getMessage());
            out().flush();
            return ExitCode.FINDING;
        }
        campaign.worlds(List.of(world))
                .excused(Unreached.onXen(profile.orUsual()))
                .hungNanos(HUNG.toNanos())
                .shrinkNanos(SHRINKING.toNanos())
                .witnesses(setups.stream().map(this::witness).toList(), XenSubject::isLost);
        CampaignResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        }
        out().println(builtin ? "builtin" : "xen           " + xen.image());
        out().println("profile       " + profile.orUsual());
        out().print(result.text());
        out().print(machines(result.nanos()));
        out().print(result.coverage());
        return options.tell(result, out());
    }

    private Subject subject(ProbeHost.Setup setup) {
        XenSubject subject = new XenSubject(setup, Objects.requireNonNull(world), thorough);
        played.add(subject);
        return subject;
    }

    private Witness witness(ProbeHost.Setup setup) {
        return new Witness(setup.name(), () -> new XenSubject(setup, thorough));
    }

    private ProbeHost.Setup ownHypervisor() {
        if (xen.given()) {
            throw new BadInput("--builtin runs no Xen: leave out --xen and --qemu");
        }
        if (profile.orUsual() != NamedProfile.XEN_4_17) {
            throw new BadInput("--builtin runs in profile 4.17 only");
        }
        return XenSubject.OWN;
    }

    private String whose() {
        return builtin ? "the implementation" : "Xen";
    }

    private long calls() {
        return played.stream().mapToLong(XenSubject::calls).sum();
    }

    private String text(Progress progress) {
        long calls = calls();
        return String.format(
                Locale.ROOT,
                "%,d programs; %,d calls on %s, %,.0f a second; %d rows; differences: %d",
                progress.programs(),
                calls,
                whose(),
                calls * 1e9 / Math.max(1, progress.nanos()),
                progress.rows(),
                progress.differences());
    }

    /// What became of the machines.
    private String machines(long nanos) {
        long calls = calls();
        long starts = played.stream().mapToLong(XenSubject::starts).sum();
        long resets = played.stream().mapToLong(XenSubject::resets).sum();
        long failed = played.stream().mapToLong(XenSubject::failedResets).sum();
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-14s%,d calls, %,.0f a second; started %,d times, all undone"
                                + " %,d times, %,d in vain%n",
                        builtin ? "by a guest" : "on Xen",
                        calls,
                        calls * 1e9 / Math.max(1, nanos),
                        starts,
                        resets,
                        failed));
        for (XenSubject subject : played) {
            String trouble = subject.lastTrouble();
            if (trouble != null) {
                text.append(String.format(Locale.ROOT, "in vain       %s%n", trouble));
            }
        }
        return text.toString();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
