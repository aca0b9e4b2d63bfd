// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.members.CampaignRounds;
import org.provisor.proofs.members.Leases;
import org.provisor.proofs.members.MembersException;
import org.provisor.proofs.members.Workplace;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Progress;
import org.provisor.refine.concurrent.ConcurrentCampaign;
import org.provisor.refine.concurrent.ConcurrentRounds;
import org.provisor.refine.concurrent.ConcurrentRun;
import org.provisor.refine.concurrent.DirectedRaces;
import org.provisor.refine.concurrent.RaceCampaign;
import org.provisor.refine.concurrent.Races;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.program.NamedProfile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/// The command `provisor campaign`.
@Command(
        name = "campaign",
        description = {
            "Compares the implementation with the specification: programs of hypercalls made up by"
                + " chance run on both, from boot into deep states, and after every step both must"
                + " agree. What differs is shrunk to the least program that shows it, and printed"
                + " as a trace.",
            "",
            "A difference says by which seed it was found: a campaign of that seed finds it again,"
                + " in its first few hundred programs. With one job and a number of steps instead"
                + " of a time, a campaign does the same each time; so does one of a number of"
                + " rounds, whatever there are of jobs or members.",
            "",
            "With --vcpus 2, two vCPUs make calls at the same time: what they are answered and what"
                + " they leave must be what the specification says of some order of the calls. What"
                + " no order explains is printed as what both did, in the order in which it began"
                + " and ended, and is a finding to be looked at: see decision 0009.",
            "",
            "With --races nothing is left to chance: in states that are set up for it, each of a"
                + " list of calls is interrupted by each, at every access to what vCPUs share, and"
                + " what comes of it is judged in the same way. It ends when all pairs of calls are"
                + " done.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":no difference, as far as the campaign went",
            ExitCode.FINDING + ":a difference",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class CampaignCommand implements Callable<Integer> {

    private final Function<Switches, Subject> subjects;
    private final Supplier<ConcurrentRounds> rounds;
    private final Supplier<Races> races;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private final CampaignOptions options = new CampaignOptions();

    @Option(
            names = "--thorough",
            description = "Compares everything after every step, not only what it touched.")
    private boolean thorough;

    @Option(
            names = "--coverage",
            description =
                    "Also says how often the rows of each clause decided, and which never did.")
    private boolean coverage;

    @Option(
            names = "--vcpus",
            paramLabel = "N",
            description =
                    "How many vCPUs make calls at the same time, 1 or 2 (default:"
                            + " ${DEFAULT-VALUE}). With 2 each job has two threads, and the calls"
                            + " of both are steps.")
    private int vcpus = 1;

    @Option(
            names = "--races",
            description =
                    "Has pairs of calls of two vCPUs meet at each point at which they can; with"
                            + " --only, the pairs that have this in their text.")
    private boolean meet;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "Stops after so many rounds of 400 programs. What they come to is the same each"
                            + " time, however many jobs or members play them.")
    private @Nullable Long wholeRounds;

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Mixin private final MembersOption members = new MembersOption();

    CampaignCommand() {
        this(ImplSubject::new, ConcurrentRun::inTurns, DirectedRaces::inTurns);
    }

    /// @param subjects makes what is compared with the specification
    /// @param rounds makes what plays rounds of two vCPUs
    /// @param races makes what has calls of two vCPUs meet
    CampaignCommand(
            Function<Switches, Subject> subjects,
            Supplier<ConcurrentRounds> rounds,
            Supplier<Races> races) {
        this.subjects = subjects;
        this.rounds = rounds;
        this.races = races;
    }

    @Override
    public Integer call() {
        if (meet) {
            return races();
        }
        return switch (vcpus) {
            case 1 -> wholeRounds == null && !members.given() ? oneVcpu() : inRounds();
            case 2 -> twoVcpus();
            default -> throw new BadInput("--vcpus must be 1 or 2, not " + vcpus);
        };
    }

    private int oneVcpu() {
        Campaign campaign = campaign();
        CampaignResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        }
        return tell(result);
    }

    private int tell(CampaignResult result) {
        out().print(result.text());
        if (coverage) {
            out().print(result.coverage());
        }
        return options.tell(result, out());
    }

    /// Whole rounds, by members or by threads of this process.
    private int inRounds() {
        if (profile.asked().isPresent()) {
            throw new BadInput("--profile is for a campaign that is not in rounds");
        }
        CommandSpec of = Objects.requireNonNull(spec);
        CampaignResult result;
        try (ProgressLine line = ProgressLine.onStandardError();
                Leases leases =
                        members.given()
                                ? members.join(0, of, line)
                                : Leases.here(options.jobs(), new Workplace(subjects))) {
            CampaignRounds campaign = new CampaignRounds(leases).thorough(thorough);
            options.ask(campaign, wholeRounds);
            result =
                    campaign.progress(progress ->
                                    line.show(() -> text(progress) + members.text(leases)))
                            .run();
        } catch (MembersException e) {
            throw new BadInput(e.getMessage());
        }
        return tell(result);
    }

    private int twoVcpus() {
        onlyXen417("--vcpus 2");
        if (thorough || coverage) {
            throw new BadInput("--thorough and --coverage are for one vCPU");
        }
        if (wholeRounds != null || members.given()) {
            throw new BadInput("--rounds and --members are for one vCPU");
        }
        ConcurrentCampaign campaign = new ConcurrentCampaign(rounds);
        options.ask(campaign);
        ConcurrentCampaign.Result result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        }
        out().print(result.text());
        return options.tell(result, out());
    }

    private void onlyXen417(String option) {
        if (profile.asked().filter(each -> each != NamedProfile.XEN_4_17).isPresent()) {
            throw new BadInput(option + " runs in profile 4.17 only");
        }
    }

    private int races() {
        onlyXen417("--races");
        if (thorough || coverage || wholeRounds != null || members.given()) {
            throw new BadInput("--thorough, --coverage, --rounds and --members are for one vCPU");
        }
        RaceCampaign campaign = new RaceCampaign(races);
        options.ask(campaign);
        RaceCampaign.Result result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        out().print(result.text());
        return options.tell(result, out());
    }

    private Campaign campaign() {
        Switches switches = thorough ? Switches.THOROUGH : Switches.ALL;
        Campaign campaign = new Campaign(() -> subjects.apply(switches));
        options.ask(campaign);
        profile.asked().ifPresent(asked -> campaign.worlds(Worlds.of(asked)));
        return campaign;
    }

    private static String text(Progress progress) {
        return String.format(
                Locale.ROOT,
                "%,d steps, %,.0f a second; %,d programs; differences: %d",
                progress.steps(),
                progress.stepsPerSecond(),
                progress.programs(),
                progress.differences());
    }

    private static String text(ConcurrentCampaign.Progress progress) {
        return String.format(
                Locale.ROOT,
                "%,d elements, %,.0f a second; differences: %d",
                progress.elements(),
                progress.elementsPerSecond(),
                progress.findings());
    }

    private static String text(RaceCampaign.Progress progress) {
        return String.format(
                Locale.ROOT,
                "pair %,d of %,d; differences: %d",
                progress.begun(),
                progress.pairs(),
                progress.findings());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
