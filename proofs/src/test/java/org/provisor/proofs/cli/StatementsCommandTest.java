// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `provisor statements` cannot write it says before it runs anything.
final class StatementsCommandTest {

    @TempDir private Path directory = Path.of(".");

    private static void assertBad(String message, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[options.length + 1];
        all[0] = "statements";
        System.arraycopy(options, 0, all, 1, options.length);
        int code =
                Provisor.run(
                        Provisor.commandLine()
                                .setOut(new PrintWriter(out, true))
                                .setErr(new PrintWriter(err, true)),
                        all);
        assertEquals(ExitCode.BAD_INPUT, code, err.toString());
        assertEquals("provisor: " + message, err.toString().strip());
        assertEquals("", out.toString());
    }

    @Test
    void badInput() throws IOException {
        assertBad("--steps must be 0 or more, not -1", "--steps", "-1");
        Path nowhere = directory.resolve("nowhere");
        Path file = nowhere.resolve("jacoco.xml");
        assertBad(
                "cannot write " + file + ": there is no directory " + nowhere,
                "--xml",
                file.toString());
        assertBad(
                "cannot write " + directory + ": it is a directory", "--xml", directory.toString());
        Path there = Files.createFile(directory.resolve("there"));
        assertBad(
                "cannot write into " + there + ": it is not a directory",
                "--html",
                there.toString());
    }
}
