// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The kernels that are checked in are what their sources build.
final class KernelBuildTest {

    /// What the kernels that are checked in were built with: other compilers make other code.
    private static final List<String> BUILT_WITH =
            List.of("gcc (Debian 12.2.0", "GNU ld (GNU Binutils for Debian) 2.40");

    @Test
    void sourcesBuildWhatIsCheckedIn(@TempDir Path directory) throws Exception {
        assumeTrue(
                starts("gcc", BUILT_WITH.get(0)) && starts("ld", BUILT_WITH.get(1)),
                "needs " + BUILT_WITH);
        Process build =
                new ProcessBuilder(
                                "/bin/sh",
                                Path.of("src/main/kernels/build.sh").toAbsolutePath().toString(),
                                directory.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, build.waitFor(), said);
        same(Kernels.hello(), directory.resolve("hello.elf"));
        same(Kernels.bench(), directory.resolve("bench.elf"));
        same(Kernels.segments(), directory.resolve("segments.elf"));
        same(Kernels.hostile(), directory.resolve("hostile.elf"));
        same(Kernels.together(), directory.resolve("together.elf"));
    }

    private static void same(byte[] checkedIn, Path built) throws IOException {
        assertArrayEquals(
                checkedIn,
                Files.readAllBytes(built),
                "build.sh makes something else: its result belongs in src/main/resources");
    }

    private static boolean starts(String program, String version) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && said.startsWith(version);
        } catch (IOException e) {
            return false;
        }
    }
}
