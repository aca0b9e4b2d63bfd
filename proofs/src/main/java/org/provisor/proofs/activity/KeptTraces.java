// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Every trace that was kept because it once showed a difference is replayed.
final class KeptTraces implements Activity {

    private static final String DIRECTORY = "refinement-tests/src/test/resources/traces";

    private final Supplier<Subject> subjects;

    KeptTraces() {
        this(() -> new ImplSubject(Switches.THOROUGH));
    }

    /// @param subjects makes what is compared with the specification
    KeptTraces(Supplier<Subject> subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "traces";
    }

    @Override
    public String claim() {
        return "No difference that was once found has come back.";
    }

    @Override
    public String command(Settings settings) {
        return "certify --claim traces";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        List<Case> cases = new ArrayList<>();
        for (Path file : files(settings.project().resolve(DIRECTORY))) {
            String name = file.getFileName().toString();
            Verdict verdict =
                    Replay.run(TraceText.parse(name, text(file)), subjects.get(), _ -> {});
            cases.add(
                    verdict instanceof Verdict.Differs differs
                            ? new Case(name, false, differs.part() + ", " + differs.clause())
                            : new Case(name, true, ""));
        }
        return Result.of(
                this,
                cases.size() + " kept traces, no difference",
                Map.of("traces", cases.size()),
                cases);
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".trace")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
