// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// Two runs with one seed and one number of steps give one pack, byte for byte, signature included,
/// but for the file with the times and its digest. Each run has a virtual machine of its own, whose
/// sets and maps have orders of their own.
final class SamePackTest {

    private static final List<String> TIMES = List.of("times.json", "times.sha256");

    @TempDir private static Path temporary = Path.of("");

    private static Path once = Path.of("");

    @BeforeAll
    static void runOnce() throws IOException, InterruptedException {
        once = pack("once", "1", "7");
    }

    @Test
    void theSameSeedAndStepsGiveTheSamePack() throws IOException, InterruptedException {
        assertEquals(List.of(), differing(once, pack("again", "3", "7", "kept")));
        assertTrue(Files.readString(once.resolve("statement.dsse.json")).contains("\"sig\""));
        assertTrue(Files.readString(once.resolve("claims.json")).contains("passed"));
    }

    /// That the comparison can fail: by another seed, and by a result that tells the time.
    @Test
    void anotherSeedAndATimeInAResultAreSeen() throws IOException, InterruptedException {
        assertEquals(
                List.of("MANIFEST.sha256", "results/examples.json", "statement.dsse.json"),
                differing(once, pack("timed", "2", "7", "clock")));
        List<String> seeded = differing(once, pack("seeded", "2", "8"));
        assertTrue(seeded.contains("results/refinement.json"), seeded.toString());
        assertFalse(seeded.contains("results/traces.json"), seeded.toString());
    }

    private static Path pack(String name, String... how) throws IOException, InterruptedException {
        Path pack = temporary.resolve(name);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-ea",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SmallRun.class.getName(),
                                pack.toString()));
        command.addAll(List.of(how));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return pack;
    }

    /// The files that one has and the other has not, or has otherwise.
    private static List<String> differing(Path one, Path other) throws IOException {
        TreeSet<String> names = new TreeSet<>(Digests.below(one).keySet());
        names.addAll(Digests.below(other).keySet());
        TIMES.forEach(names::remove);
        List<String> differing = new ArrayList<>();
        for (String name : names) {
            if (!Files.isRegularFile(one.resolve(name))
                    || !Files.isRegularFile(other.resolve(name))
                    || !Arrays.equals(
                            Files.readAllBytes(one.resolve(name)),
                            Files.readAllBytes(other.resolve(name)))) {
                differing.add(name);
            }
        }
        return differing;
    }
}
