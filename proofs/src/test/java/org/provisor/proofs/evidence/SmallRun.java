// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.evidence.Shelf.Timed;
import org.provisor.proofs.requirement.Traceability;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.refine.program.NamedProfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A run of all that takes a few seconds, and the pack of it: a program of its own, because what
/// differs from one virtual machine to the next differs in none.
final class SmallRun {

    /// What is run; of the rest the pack says that it was not.
    private static final Set<String> QUICK =
            Set.of("traceability", "examples", "traces", "guests", "refinement", "two-vcpus");

    private static final long STEPS = 2_000;

    private SmallRun() {}

    /// Writes a pack.
    ///
    /// @param args where to, how many threads, the seed, `kept` if results are kept meanwhile as
    ///   those of an interrupted run are, and `clock` if a result tells the time
    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[0]);
        Settings settings =
                new Settings(
                        SourceTree.of(Target.SPECIFICATION).project(),
                        NamedProfile.XEN_4_17,
                        Long.parseLong(args[2]),
                        Optional.of(STEPS),
                        1,
                        Integer.parseInt(args[1]),
                        Optional.empty(),
                        "not asked for");
        Set<String> how = new HashSet<>(List.of(args));
        List<Result> results = new ArrayList<>();
        Map<String, Double> seconds = new HashMap<>();
        for (Activity activity : Activities.all()) {
            long start = System.nanoTime();
            Result result =
                    QUICK.contains(activity.name())
                            ? activity.run(settings, _ -> {})
                            : Result.notRun(activity, "it takes long");
            if (how.contains("clock") && activity.name().equals("examples")) {
                Map<String, Object> figures = new HashMap<>(result.figures());
                figures.put("nanos", System.nanoTime() - start);
                result =
                        new Result(
                                result.activity(),
                                result.verdict(),
                                result.summary(),
                                figures,
                                result.cases(),
                                result.rows());
            }
            results.add(how.contains("kept") ? kept(out, result) : result);
            seconds.put(activity.name(), (System.nanoTime() - start) / 1e9);
        }
        Pack.write(
                new Run(
                        new Identity("1", "abc"),
                        settings,
                        Traceability.of(settings.project()),
                        results,
                        seconds),
                out,
                key());
    }

    private static Result kept(Path out, Result result) throws IOException {
        Shelf shelf = new Shelf(Files.createTempDirectory(out.getParent(), "shelf"));
        shelf.keep("", new Timed(result, 0));
        return shelf.result(result.activity(), "").orElseThrow().result();
    }

    private static PrivateKey key() throws Exception {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, new byte[32]));
    }
}
