// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc.loaded;

import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;
import org.provisor.proofs.mcdc.Drive;
import org.provisor.proofs.seeded.loaded.ExampleCheck;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.concurrent.ConcurrentCampaign;
import org.provisor.refine.concurrent.ConcurrentRun;
import org.provisor.refine.concurrent.LostPages;
import org.provisor.refine.concurrent.Unexplained;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;
import org.provisor.refine.xen.QemuXen;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Drives the rules and the implementation that this class was loaded with.
public final class LoadedDrive implements Drive {

    private static final long PAGES = 2048;
    private static final long INSTRUCTIONS = 50_000_000;

    /// What of a machine of 48 frames is too much, and a machine that is to have so much.
    private static final Map<String, String> TOO_LARGE =
            Map.of(
                    "device.", "devices=50 processors=1\ndomain d0 pages=1 shared=1",
                    "shared0.", "devices=0 processors=1\ndomain d0 pages=1 shared=50",
                    "d0.", "devices=0 processors=1\ndomain d0 pages=50 shared=1");

    @Override
    public Driven run(
            int decisions, Map<String, String> traces, long seed, long steps, Listener listener) {
        Seen.begin(decisions);
        List<String> wrong = new ArrayList<>();
        int examples = 0;
        for (Example example : Examples.all()) {
            examples++;
            ExampleCheck.wrong(example).forEach(how -> wrong.add(example.title() + ": " + how));
        }
        traces.forEach((name, text) -> {
            Verdict verdict =
                    Replay.run(
                            TraceText.parse(name, text),
                            new ImplSubject(Switches.THOROUGH),
                            _ -> {});
            if (verdict instanceof Verdict.Differs differs) {
                wrong.add(name + ": " + differs.part());
            }
        });
        wrong.addAll(LostPages.wrong());
        TOO_LARGE.forEach((what, has) -> tooLarge(what, has, wrong));
        kernel(wrong);
        if (Seen.grown()) {
            listener.played("", Seen.noted());
        }
        long made = 0;
        if (steps > 0) {
            CampaignResult result =
                    new Campaign(() -> new ImplSubject(Switches.ALL))
                            .seed(seed)
                            .steps(steps)
                            .progress(now -> listener.steps(now.steps()))
                            .played(program -> {
                                if (Seen.grown()) {
                                    listener.played(TraceText.print(program), Seen.noted());
                                }
                            })
                            .run();
            made = result.steps();
            result.differences().stream().map(Finding::text).forEach(wrong::add);
        }
        return new Driven(examples, traces.size(), made, Seen.noted(), wrong);
    }

    /// A machine that is to have more than there are frames for does not start.
    ///
    /// @param what the name of the first frame that there is none for, without its number
    private static void tooLarge(String what, String has, List<String> wrong) {
        String text = "world frames=48 " + has + " max=100 vcpus=1 privileged";
        try (ImplSubject subject = new ImplSubject(Switches.THOROUGH)) {
            subject.start(TraceText.parse(what, text).world());
            wrong.add("a machine started that has too few frames for " + what);
        } catch (IllegalArgumentException e) {
            if (!String.valueOf(e.getMessage()).contains("has none left for " + what)) {
                wrong.add(what + ": " + e.getMessage());
            }
        }
    }

    /// A kernel on the implementation, whose processor asks it for what calls made directly do not.
    private static void kernel(List<String> wrong) {
        try (InputStream in =
                        QemuXen.class.getResourceAsStream(
                                "/org/provisor/refine/kernels/hello.elf");
                PvMachine machine =
                        PvMachine.start(
                                new PvKernel(Objects.requireNonNull(in).readAllBytes()),
                                new byte[0],
                                "",
                                PAGES,
                                (_, _) -> {},
                                Clock.real())) {
            Ending ending = machine.run(INSTRUCTIONS);
            if (ending.kind() != Ending.Kind.SHUTDOWN || ending.reason() != Ending.POWEROFF) {
                wrong.add("hello.elf: " + ending.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Together together(int decisions, long seed, long elements) {
        Seen.begin(decisions);
        if (elements == 0) {
            return new Together(0, Seen.noted(), List.of());
        }
        ConcurrentCampaign.Result result =
                new ConcurrentCampaign(ConcurrentRun::new).seed(seed).elements(elements).run();
        return new Together(
                result.total().elements(),
                Seen.noted(),
                result.findings().stream().map(Unexplained::text).toList());
    }
}
