// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.jspecify.annotations.Nullable;
import org.provisor.model.Json;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.requirement.ClauseText;
import org.provisor.proofs.requirement.Link;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.refine.program.NamedProfile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes the evidence pack of a run: a directory whose list of digests covers every file but
/// three, each of which can be made again from the rest: the list itself, the statement about it,
/// and the digest of the file with the times, which are another each run.
public final class Pack {

    /// The list of digests.
    public static final String MANIFEST = "MANIFEST.sha256";

    static final String STATEMENT = "statement.dsse.json";
    static final String TIMES = "times.json";
    static final String TIMES_DIGEST = "times.sha256";
    static final String INDEX = "index.html";
    static final String CONFIGURATION = "configuration.json";
    static final String RESULTS = "results/";

    static final String NOT_CLAIMED = "not claimed";

    private final Run run;
    private final SortedMap<String, byte[]> files = new TreeMap<>();

    private Pack(Run run) {
        this.run = run;
    }

    /// Writes the pack.
    ///
    /// @param directory where to; what is there is replaced
    /// @param key that signs the statement, if there is one
    /// @return the digest of the list of digests, by which the pack is known
    public static String write(Run run, Path directory, @Nullable PrivateKey key)
            throws IOException {
        Pack pack = new Pack(run);
        pack.fill(directory);
        byte[] manifest = Digests.text(pack.digests()).getBytes(StandardCharsets.UTF_8);
        byte[] times = pack.times().getBytes(StandardCharsets.UTF_8);
        pack.files.put(TIMES, times);
        pack.put(TIMES_DIGEST, Digests.text(Map.of(TIMES, Digests.of(times))));
        pack.put(
                STATEMENT,
                Statement.envelope(
                        Statement.payload(manifest, run.identity(), run.results()), key));
        pack.files.put(MANIFEST, manifest);
        pack.write(directory);
        return Digests.of(manifest);
    }

    private void fill(Path directory) throws IOException {
        OpenFastTraceText requirements = new OpenFastTraceText(run.traced());
        for (Level level : Level.values()) {
            put("requirements/" + level.kind() + ".md", requirements.requirements(level));
        }
        put("requirements/coverage.md", requirements.coverage());
        put("requirements/requirements.reqif", ReqIf.of(run.traced()));
        put("trace.json", Json.write(trace()));
        for (Result result : run.results()) {
            put(RESULTS + result.activity() + ".json", Json.write(json(result)));
            put("junit/TEST-" + result.activity() + ".xml", JunitXml.of(result));
        }
        put("rows.csv", rows());
        put("findings.sarif", Sarif.of(run));
        put("assumptions.json", Json.write(assumptions()));
        put("claims.json", Json.write(claims()));
        put("case.json", Json.write(json(SafetyCase.shipped())));
        put(CONFIGURATION, Json.write(configuration(directory)));
        put(
                "sbom.cdx.json",
                Sbom.of(run.settings().project().resolve("proofs/target"), run.identity()));
        put("README.txt", Texts.all("pack-readme.txt"));
        put(INDEX, new IndexPage(run).text());
    }

    private void put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private SortedMap<String, String> digests() {
        SortedMap<String, String> digests = new TreeMap<>();
        files.forEach((path, bytes) -> digests.put(path, Digests.of(bytes)));
        return digests;
    }

    static Map<String, Object> json(Result result) {
        List<Object> cases = new ArrayList<>();
        for (Case each : result.cases()) {
            cases.add(
                    Ordered.map()
                            .put("name", each.name())
                            .put("passed", each.passed())
                            .put("what", each.what())
                            .done());
        }
        return Ordered.map()
                .put("activity", result.activity())
                .put("verdict", result.verdict().name())
                .put("summary", result.summary())
                .put("figures", result.figures())
                .put("cases", cases)
                .put("rows", result.rows())
                .done();
    }

    /// Each clause with all that is traced to it, and what came of it.
    private List<Object> trace() {
        List<Object> clauses = new ArrayList<>();
        Map<String, Map<Kind, List<Link>>> linked = run.traced().byClause();
        for (ClauseText clause : run.traced().clauses()) {
            Map<Kind, List<Link>> links =
                    linked.getOrDefault(clause.id(), new EnumMap<>(Kind.class));
            Ordered json =
                    Ordered.map()
                            .put("clause", clause.id())
                            .put("file", "spec/src/main/java/" + clause.file())
                            .put("line", clause.line())
                            .put("method", clause.method())
                            .put("rules", clause.rules())
                            .put("sources", clause.sources());
            for (Kind kind : Kind.values()) {
                json.put(
                        kind.word(),
                        links.getOrDefault(kind, List.of()).stream().map(Link::name).toList());
            }
            json.put("mutants", run.result("mutants").killedOf(clause.id()));
            Map<String, Object> decided = new LinkedHashMap<>();
            for (Result result : run.results()) {
                if (!result.rows().isEmpty()) {
                    decided.put(result.activity(), decided(clause, result));
                }
            }
            clauses.add(json.put("decided", decided).done());
        }
        return clauses;
    }

    private static Map<String, Long> decided(ClauseText clause, Result result) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String row : clause.rowNames()) {
            rows.put(row, result.rows().getOrDefault(row, 0L));
        }
        return rows;
    }

    /// How often each row decided, a column an activity.
    private String rows() {
        List<Result> with = run.results().stream().filter(each -> !each.rows().isEmpty()).toList();
        StringBuilder text = new StringBuilder("row");
        with.forEach(each -> text.append(',').append(each.activity()));
        text.append('\n');
        for (ClauseText clause : run.traced().clauses()) {
            for (String row : clause.rowNames()) {
                text.append(row);
                with.forEach(each -> text.append(',').append(each.rows().getOrDefault(row, 0L)));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static List<Object> assumptions() {
        List<Object> ledger = new ArrayList<>();
        for (Assumption each : Assumption.ledger()) {
            ledger.add(
                    Ordered.map()
                            .put("name", each.name())
                            .put("owner", each.owner())
                            .put("trusted", each.text())
                            .put("tested", each.tested())
                            .done());
        }
        return ledger;
    }

    /// Each claim in the configuration of this run, and in no other.
    private List<Object> claims() {
        List<Object> claims = new ArrayList<>();
        for (Activity activity : Activities.all()) {
            Result result = run.result(activity.name());
            claims.add(
                    Ordered.map()
                            .put("claim", activity.name())
                            .put("text", activity.claim())
                            .put("verdict", result.verdict().text())
                            .put("profiles", profiles(activity, result))
                            .put("why", result.summary())
                            .put("configuration", configurationOf(activity))
                            .put("again", "./provisor " + activity.command(run.settings()))
                            .done());
        }
        return claims;
    }

    /// What is claimed of each profile: what was not run there is not claimed there.
    private Map<String, Object> profiles(Activity activity, Result result) {
        Ordered json = Ordered.map();
        for (NamedProfile each : NamedProfile.values()) {
            json.put(each.toString(), said(run, activity, result, each));
        }
        return json.done();
    }

    /// The verdict on a claim in a profile, in words.
    static String said(Run run, Activity activity, Result result, NamedProfile profile) {
        return activity.scope().says(run.settings().profile(), profile)
                ? result.verdict().text()
                : NOT_CLAIMED;
    }

    private String configurationOf(Activity activity) {
        return activity.name().equals("conformance")
                ? run.settings().xen().map(xen -> "Xen in " + xen.qemu()).orElse("none")
                : "built in, calls made directly";
    }

    private static Map<String, Object> json(SafetyCase.Node node) {
        Ordered json =
                Ordered.map()
                        .put("kind", node.kind().name().toLowerCase(Locale.ROOT))
                        .put("name", node.name());
        if (!node.text().isEmpty()) {
            json.put("text", node.text());
        }
        if (!node.below().isEmpty()) {
            json.put("below", node.below().stream().map(Pack::json).toList());
        }
        return json.done();
    }

    private Map<String, Object> configuration(Path directory) throws IOException {
        Settings settings = run.settings();
        Ordered json =
                Ordered.map()
                        .put("version", run.identity().version())
                        .put("commit", run.identity().commit())
                        .put("java", Runtime.version().toString())
                        .put("system", System.getProperty("os.name"))
                        .put("processor", System.getProperty("os.arch"))
                        .put("profile", settings.profile().toString())
                        .put("started", settings.profile().meaning())
                        .put("seed", settings.seedText());
        settings.steps().ifPresent(steps -> json.put("steps", steps));
        if (settings.steps().isEmpty()) {
            json.put("jobs", settings.jobs());
        }
        if (settings.xen().isPresent()) {
            Path image = settings.xen().get().image();
            json.put("xen", Map.of(image.toString(), Digests.of(image)));
        }
        Path libraries = settings.project().resolve("proofs/target/lib");
        // Before the program is packaged, in its tests, there are none.
        json.put("built", Files.isDirectory(libraries) ? Digests.below(libraries) : Map.of());
        json.put("sources", Digests.sources(settings.project(), directory));
        return json.done();
    }

    private String times() {
        Map<String, Object> seconds = new LinkedHashMap<>();
        run.seconds().forEach((name, each) -> seconds.put(name, Math.round(each * 10) / 10.0));
        return Json.write(
                Ordered.map().put("jobs", run.settings().jobs()).put("seconds", seconds).done());
    }

    private void write(Path directory) throws IOException {
        Path beside = directory.toAbsolutePath().resolveSibling(directory.getFileName() + ".new");
        delete(beside);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path to = beside.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
        delete(directory);
        Files.move(beside, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Whether a directory holds a pack, or nothing, so that it may be replaced.
    public static boolean replaceable(Path directory) throws IOException {
        if (!Files.exists(directory) || Files.exists(directory.resolve(MANIFEST))) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
