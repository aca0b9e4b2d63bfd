// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.requirement.Traceability;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.refine.program.NamedProfile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/// A pack is what was run, and says so when it is changed.
final class PackTest {

    private static final Path PROJECT = SourceTree.of(Target.SPECIFICATION).project();

    @TempDir private static @Nullable Path temporary;

    private static Run run = run(true);

    private static Path pack = Path.of("");

    @BeforeAll
    static void write() throws IOException {
        pack = temporary().resolve("pack");
        Pack.write(run, pack, null);
    }

    private static Path temporary() {
        if (temporary == null) {
            throw new IllegalStateException();
        }
        return temporary;
    }

    private static Run run(boolean passed) {
        List<Result> results = new ArrayList<>();
        Map<String, Double> seconds = new HashMap<>();
        for (Activity activity : Activities.all()) {
            results.add(
                    activity.name().equals("conformance")
                            ? Result.notRun(activity, "no <Xen> & no QEMU")
                            : Result.of(
                                            activity,
                                            "one case",
                                            Map.of("cases", 1),
                                            List.of(new Case("a \"case\" <of>", passed, "what")))
                                    .withRows(Map.of("mm.pin/a", 3L)));
            seconds.put(activity.name(), 1.25);
        }
        Settings settings =
                new Settings(
                        PROJECT,
                        NamedProfile.WITHOUT_LINEAR_TABLES,
                        7,
                        Optional.of(100L),
                        1,
                        2,
                        Optional.empty(),
                        "none");
        return new Run(
                new Identity("1", "abc"), settings, Traceability.of(PROJECT), results, seconds);
    }

    @Test
    void itIsAsItWasWritten() throws IOException {
        assertEquals(List.of(), EvidenceCheck.wrong(pack, null));
        assertEquals(new Identity("1", "abc"), EvidenceCheck.identity(pack));
        assertEquals(Activities.all().size(), EvidenceCheck.verdicts(pack).size());
    }

    @Test
    void theSameRunIsTheSamePackButForTimes() throws IOException {
        Path other = temporary().resolve("other");
        Map<String, Double> slower = new HashMap<>(run.seconds());
        slower.replaceAll((_, seconds) -> seconds * 2);
        Pack.write(
                new Run(run.identity(), run.settings(), run.traced(), run.results(), slower),
                other,
                null);
        Map<String, String> before = new TreeMap<>(Digests.below(pack));
        Map<String, String> after = new TreeMap<>(Digests.below(other));
        before.keySet().removeAll(List.of("times.json", "times.sha256"));
        after.keySet().removeAll(List.of("times.json", "times.sha256"));
        assertEquals(before, after);
    }

    /// Bytes changed, put in, left out; lines exchanged; files left out, put in, exchanged.
    @Test
    void everyEditIsNoticed() throws IOException {
        long seed = 20261126;
        Random random = new Random(seed);
        List<Path> files = files();
        for (int i = 0; i < 1000; i++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] before = Files.readAllBytes(file);
            Path other = files.get(random.nextInt(files.size()));
            byte[] otherBefore = Files.readAllBytes(other);
            Path added = pack.resolve("added-" + i);
            String edit = edit(random, file, before, other, added);
            boolean changed =
                    !Files.exists(file)
                            || Files.exists(added)
                            || !Arrays.equals(before, Files.readAllBytes(file));
            if (changed) {
                assertFalse(
                        EvidenceCheck.wrong(pack, null).isEmpty(),
                        "seed " + seed + ", " + i + ": " + edit + " " + file);
            }
            Files.write(file, before);
            Files.write(other, otherBefore);
            Files.deleteIfExists(added);
        }
        assertEquals(List.of(), EvidenceCheck.wrong(pack, null));
    }

    private static String edit(Random random, Path file, byte[] before, Path other, Path added)
            throws IOException {
        int at = before.length == 0 ? 0 : random.nextInt(before.length);
        byte[] now = before.clone();
        return switch (random.nextInt(7)) {
            case 0 -> {
                now[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, now);
                yield "flip at " + at;
            }
            case 1 -> {
                byte[] more = Arrays.copyOf(before, before.length + 1);
                System.arraycopy(before, at, more, at + 1, before.length - at);
                more[at] = ' ';
                Files.write(file, more);
                yield "a blank at " + at;
            }
            case 2 -> {
                Files.write(file, Arrays.copyOf(before, at));
                yield "cut at " + at;
            }
            case 3 -> {
                Files.delete(file);
                yield "deleted";
            }
            case 4 -> {
                Files.write(added, before);
                yield "copied";
            }
            case 5 -> {
                Files.write(file, Files.readAllBytes(other));
                Files.write(other, before);
                yield "exchanged with " + other;
            }
            default -> {
                List<String> lines =
                        new ArrayList<>(
                                new String(before, StandardCharsets.UTF_8).lines().toList());
                int line = random.nextInt(lines.size());
                lines.add(random.nextInt(lines.size()), lines.remove(line));
                Files.writeString(file, String.join("\n", lines) + "\n");
                yield "line " + line + " moved";
            }
        };
    }

    /// Also where a build would put what is no source.
    @Test
    void whatIsPutInIsNoticed() throws IOException {
        Path full = temporary().resolve("full");
        Pack.write(run, full, null);
        Path file = Files.createDirectory(full.resolve("target")).resolve("x");
        assertEquals(List.of("target is not in MANIFEST.sha256"), EvidenceCheck.wrong(full, null));
        Files.writeString(file, "x");
        assertEquals(
                List.of("target/x is not in MANIFEST.sha256"), EvidenceCheck.wrong(full, null));
        Files.delete(file);
        Files.createSymbolicLink(file, full.resolve("index.html"));
        assertEquals(
                List.of("target/x is not in MANIFEST.sha256"), EvidenceCheck.wrong(full, null));
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> walked = Files.walk(pack)) {
            return walked.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void aSignedPackNeedsItsKey() throws IOException, NoSuchAlgorithmException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path signed = temporary().resolve("signed");
        PrivateKey key = pair.getPrivate();
        Pack.write(run, signed, key);
        assertEquals(List.of(), EvidenceCheck.wrong(signed, pair.getPublic()));
        assertEquals(
                List.of("statement.dsse.json is not signed with this key"),
                EvidenceCheck.wrong(signed, other.getPublic()));
        assertEquals(
                List.of("statement.dsse.json is signed: --key says by whom"),
                EvidenceCheck.wrong(signed, null));
        assertEquals(
                List.of("statement.dsse.json is not signed with this key"),
                EvidenceCheck.wrong(pack, pair.getPublic()));
    }

    /// Whoever makes the digests anew has to have the key.
    @Test
    void aForgedListOfDigestsIsNotSigned() throws IOException, NoSuchAlgorithmException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path forged = temporary().resolve("forged");
        Pack.write(run, forged, pair.getPrivate());
        Files.writeString(forged.resolve("rows.csv"), "row\n");
        Map<String, String> digests = new TreeMap<>(Digests.below(forged));
        digests.keySet()
                .removeAll(List.of(Pack.MANIFEST, Pack.STATEMENT, Pack.TIMES, Pack.TIMES_DIGEST));
        Files.writeString(forged.resolve(Pack.MANIFEST), Digests.text(digests));
        assertEquals(
                List.of("statement.dsse.json does not say what the pack says"),
                EvidenceCheck.wrong(forged, pair.getPublic()));
    }

    /// What was run in one profile is claimed there only; what is no matter of profiles, in each.
    @Test
    void aClaimIsMadeWhereItWasRun() throws IOException {
        String claims = Files.readString(pack.resolve("claims.json"));
        for (Activity activity : Activities.all()) {
            String of = claims.substring(claims.indexOf('"' + activity.name() + '"'));
            String usual = of.replaceFirst("(?s).*?\"4.17\": \"(.*?)\".*", "$1");
            String other = of.replaceFirst("(?s).*?\"4.17-no-linear-pt\": \"(.*?)\".*", "$1");
            boolean any = activity.scope() == Activity.Scope.ANY;
            assertEquals(any ? "passed" : "not claimed", usual, activity.name());
            assertEquals(
                    activity.name().equals("conformance") ? "not run" : "passed",
                    other,
                    activity.name());
        }
        assertTrue(
                Files.readString(pack.resolve("configuration.json"))
                        .contains("\"profile\": \"4.17-no-linear-pt\""));
        assertTrue(
                Files.readString(pack.resolve("index.html"))
                        .contains("<td class=\"not-claimed\">not claimed</td>"));
    }

    @Test
    void whatIsNoPackIsNotReplaced() throws IOException {
        Path mine = Files.createDirectory(temporary().resolve("mine"));
        assertTrue(Pack.replaceable(mine));
        Files.writeString(mine.resolve("precious"), "");
        assertFalse(Pack.replaceable(mine));
        assertFalse(Pack.replaceable(mine.resolve("precious")));
        assertTrue(Pack.replaceable(pack));
        assertTrue(Pack.replaceable(temporary().resolve("nothing")));
    }

    @Test
    void failuresAreShown() throws IOException {
        Path failed = temporary().resolve("failed");
        Pack.write(run(false), failed, null);
        String page = Files.readString(failed.resolve("index.html"));
        assertTrue(page.contains("What failed"), page);
        assertTrue(page.contains("a &quot;case&quot; &lt;of&gt;"), page);
        assertTrue(Files.readString(failed.resolve("findings.sarif")).contains("\"ruleId\""));
        assertFalse(Files.readString(pack.resolve("index.html")).contains("What failed"));
        assertTrue(
                Files.readString(pack.resolve("index.html")).contains("no &lt;Xen&gt; &amp; no"));
    }

    @Test
    void xmlIsXml() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        int files = 0;
        for (Path file : files()) {
            if (file.toString().endsWith(".xml") || file.toString().endsWith(".reqif")) {
                factory.newDocumentBuilder().parse(file.toFile());
                files++;
            }
        }
        assertEquals(Activities.all().size() + 1, files);
    }

    /// OpenFastTrace, which Xen traces its own requirements with, finds no defect; and finds one
    /// where something is left out.
    @Test
    void openFastTraceFindsNoDefect() throws IOException, InterruptedException {
        Path tool = PROJECT.resolve("proofs/target/tools/openfasttrace.jar");
        assertTrue(Files.exists(tool), tool + " is missing: the build copies it");
        Path requirements = pack.resolve("requirements");
        assertEquals(0, traced(tool, requirements));
        Path less = Files.createDirectory(temporary().resolve("less"));
        for (String name : List.of("mkt.md", "prod.md", "swdgn.md", "coverage.md")) {
            String text = Files.readString(requirements.resolve(name));
            String without = text.replaceFirst("(?s)## PinningTest.pin\n.*?(?=\n## )", "");
            assertEquals(name.equals("coverage.md"), !text.equals(without), name);
            Files.writeString(less.resolve(name), without);
        }
        assertEquals(1, traced(tool, less));
    }

    private static int traced(Path tool, Path requirements)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-jar",
                                tool.toString(),
                                "trace",
                                "-v",
                                "failure_details",
                                requirements.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit > 1) {
            throw new IllegalStateException(said);
        }
        return exit;
    }
}
