// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.stepping.StepperScript;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The specification can be compiled to run in a browser, and says there what it says here: every
/// worked example comes out the same, word for word. Node runs the script where it is installed.
class BrowserCompilationTest {

    @Test
    void specificationRunsInABrowserAsItRunsHere(@TempDir Path out) throws Exception {
        StepperScript.write(ExamplesInWords.class.getName(), out, "spec.js");
        assertTrue(Files.size(out.resolve("spec.js")) > 100_000);

        Optional<Path> node = onPath("node");
        assumeTrue(node.isPresent(), "install Debian's package nodejs to run the script");
        Path printed = out.resolve("printed");
        String run = "require(process.argv[1]).main([])";
        int exit =
                new ProcessBuilder(
                                node.get().toString(), "-e", run, out.resolve("spec.js").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile())
                        .start()
                        .waitFor();
        assertEquals(0, exit, Files.readString(printed));
        assertEquals(printedHere().strip(), Files.readString(printed).strip());
    }

    private static String printedHere() {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            System.setOut(to);
            ExamplesInWords.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv("PATH");
        return Arrays.stream(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
