// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Progress;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;

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
                + " of a time, a campaign does the same each time.",
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

    CampaignCommand() {
        this(ImplSubject::new);
    }

    /// @param subjects makes what is compared with the specification
    CampaignCommand(Function<Switches, Subject> subjects) {
        this.subjects = subjects;
    }

    @Override
    public Integer call() {
        Campaign campaign = campaign();
        CampaignResult result;
        try (ProgressLine line = ProgressLine.onStandardError()) {
            result = campaign.progress(progress -> line.show(() -> text(progress))).run();
        }
        out().print(result.text());
        if (coverage) {
            out().print(result.coverage());
        }
        return options.tell(result, out());
    }

    private Campaign campaign() {
        Switches switches = thorough ? Switches.THOROUGH : Switches.ALL;
        Campaign campaign = new Campaign(() -> subjects.apply(switches));
        options.ask(campaign);
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

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
