// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.impl.interp.Interpreter;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.cpu.CpuDifference;
import org.provisor.refine.cpu.CpuFuzz;
import org.provisor.refine.cpu.CpuFuzzResult;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The interpreter is compared with this computer's processor.
final class HostProcessorComparison implements Activity {

    private static final long SNIPPETS = 200_000;

    private final Supplier<CpuFuzz> fuzz;

    HostProcessorComparison() {
        fuzz = CpuFuzz::new;
    }

    /// @param interpreters makes what is compared with the processor
    HostProcessorComparison(Supplier<Interpreter> interpreters) {
        fuzz = () -> new CpuFuzz(interpreters);
    }

    @Override
    public String name() {
        return "fuzz-cpu";
    }

    @Override
    public String claim() {
        return "The interpreter does what this computer's processor does, instruction by"
                + " instruction.";
    }

    private static long snippets(Settings settings) {
        return Math.min(SNIPPETS, settings.steps().orElse(SNIPPETS));
    }

    @Override
    public String command(Settings settings) {
        return String.format(
                Locale.ROOT,
                "fuzz-cpu --jobs 1 --seed %s --snippets %d",
                settings.seedText(),
                snippets(settings));
    }

    @Override
    public String missing(Settings settings) {
        return Objects.requireNonNullElse(CpuFuzz.unusable(), "");
    }

    @Override
    public String inputs(Settings settings) {
        return settings.seed() + " " + snippets(settings) + " snippets";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        long snippets = snippets(settings);
        CpuFuzzResult result =
                fuzz.get()
                        .seed(settings.seed())
                        .snippets(snippets)
                        .progress(now ->
                                progress.accept(
                                        String.format(Locale.ROOT, "%,d snippets", now.snippets())))
                        .run();
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("no difference", result.differences().isEmpty(), ""));
        for (CpuDifference each : result.differences()) {
            cases.add(new Case("difference " + cases.size(), false, each.toString()));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("snippets", snippets);
        figures.put("rows", result.table().rows().size());
        figures.put("leftOut", result.leftOut().size());
        return Result.of(
                this,
                String.format(
                        Locale.ROOT,
                        "%,d snippets on this processor and the interpreter, differences: %d; %d"
                                + " of %d rows of the opcode table can be tried",
                        snippets,
                        result.differences().size(),
                        result.table().rows().size() - result.leftOut().size(),
                        result.table().rows().size()),
                figures,
                cases);
    }
}
