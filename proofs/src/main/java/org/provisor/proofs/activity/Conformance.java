// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.campaign.Witness;
import org.provisor.refine.program.World;
import org.provisor.refine.xen.QemuXen;
import org.provisor.refine.xen.XenLostException;
import org.provisor.refine.xen.XenSubject;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A real Xen is compared with the specification, where there is one.
final class Conformance implements Activity {

    /// As long as starting Xen may take where much else runs.
    private static final Duration HUNG = Duration.ofMinutes(3);

    private static final Duration SHRINKING = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "conformance";
    }

    @Override
    public String claim() {
        return "This Xen does what the specification says, as far as a privileged domain can tell.";
    }

    @Override
    public Scope scope() {
        return Scope.ONE;
    }

    @Override
    public String command(Settings settings) {
        return "conform --profile "
                + settings.profile()
                + " "
                + settings.steps().map(_ -> "--jobs 1 ").orElse("")
                + "--seed "
                + settings.seedText()
                + settings.xen().map(xen -> " --xen " + xen.image()).orElse("")
                + settings.steps().map(steps -> " --steps " + steps(steps)).orElse("");
    }

    @Override
    public String missing(Settings settings) {
        return settings.xen().isPresent() ? "" : settings.xenMissing();
    }

    @Override
    public String inputs(Settings settings) {
        return settings.seed()
                + " "
                + settings.xen()
                + " "
                + settings.steps().map(String::valueOf).orElse(settings.chanceNanos() + " ns");
    }

    /// A call on Xen takes a hundred times as long as one on the implementation.
    private static long steps(long steps) {
        return Math.max(1, steps / 100);
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        Settings.XenUnderTest under = settings.xen().orElseThrow();
        QemuXen.Setup setup =
                QemuXen.Setup.of(under.image())
                        .withQemu(under.qemu())
                        .withProfile(settings.profile());
        World world;
        try {
            world = XenSubject.worldOf(setup);
        } catch (XenLostException e) {
            String why = String.valueOf(e.getMessage());
            return Result.of(
                    this, "Xen does not start", Map.of(), List.of(new Case("start", false, why)));
        }
        Campaign campaign =
                new Campaign(() -> new XenSubject(setup, world, false))
                        .seed(settings.seed())
                        // Several threads divide a number of steps among them as it comes.
                        .jobs(settings.steps().isPresent() ? 1 : settings.jobs())
                        .worlds(List.of(world))
                        .excused(Unreached.onXen(settings.profile()))
                        .hungNanos(HUNG.toNanos())
                        .witnesses(
                                List.of(
                                        new Witness(
                                                "a Xen just started",
                                                () -> new XenSubject(setup, false))),
                                XenSubject::isLost)
                        .progress(now ->
                                progress.accept(
                                        String.format(Locale.ROOT, "%,d steps", now.steps())));
        if (settings.steps().isPresent()) {
            campaign.steps(steps(settings.steps().get()));
        } else {
            campaign.budgetNanos(settings.chanceNanos()).shrinkNanos(SHRINKING.toNanos());
        }
        return result(campaign.run());
    }

    private Result result(CampaignResult ran) {
        Map<String, Long> rows = new TreeMap<>(ran.rows().counts());
        rows.values().removeIf(count -> count == 0);
        List<Case> cases = new ArrayList<>();
        cases.add(
                new Case(
                        String.format(Locale.ROOT, "seed 0x%x", ran.seed()),
                        ran.differences().isEmpty(),
                        String.join("\n", ran.differences().stream().map(Finding::text).toList())));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("calls", ran.calls());
        figures.put("steps", ran.steps());
        figures.put("rowsReached", rows.size());
        figures.put("notReached", ran.missing());
        figures.put("notSeenAgain", ran.notSeenAgain().size());
        return Result.of(
                        this,
                        String.format(
                                Locale.ROOT,
                                "%,d calls on Xen; %d rows decided, %d not excused did not",
                                ran.calls(),
                                rows.size(),
                                ran.missing().size()),
                        figures,
                        cases)
                .withRows(rows);
    }
}
