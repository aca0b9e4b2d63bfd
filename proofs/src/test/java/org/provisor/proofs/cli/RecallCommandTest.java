// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.recall.Given;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class RecallCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of(".");

    @Test
    void anAdvisoryIsFoundAndWritten() throws IOException {
        Path kept = directory.resolve("kept");
        assertEquals(
                ExitCode.FINE,
                run("recall", "--only", "XSA-058", "--only", "XSA-149", "--out", kept.toString()),
                err.toString());
        String printed = out.toString();
        assertTrue(printed.contains("\nXSA-58   found "), printed);
        assertTrue(printed.contains("2 errors of advisories: 1 expressible, 1 prevented"), printed);
        assertTrue(printed.contains("found 1 of 1, 100.0 %"), printed);
        List<String> rows = Files.readAllLines(kept.resolve("recall.csv"));
        assertEquals(3, rows.size(), rows.toString());
        assertTrue(rows.get(1).startsWith("XSA-58,expressible,found,"), rows.toString());
        assertTrue(rows.get(2).startsWith("XSA-149,prevented,,,"), rows.toString());
        String page = Files.readString(kept.resolve("recall.md"));
        assertTrue(page.contains("| XSA-58, A table kept for later"), page);
        assertTrue(page.contains("## Not counted: prevented"), page);
        Path trace = kept.resolve("XSA-58.trace");
        assertEquals(ExitCode.FINE, run("replay", "--quiet", trace.toString()), err.toString());
    }

    @Test
    void aMutantOfOnesOwnIsFound() throws IOException {
        Path classes = Given.compiled(directory, Given.UNPINS);
        assertEquals(ExitCode.FINE, run("recall", "--mutant", classes.toString()), err.toString());
        assertTrue(out.toString().contains("\nunpins   found "), out.toString());
        assertTrue(out.toString().contains("\nfound 1 of 1"), out.toString());
    }

    @Test
    void whatIsMissedIsAFinding() throws IOException {
        Path file = directory.resolve("same.txt");
        Files.writeString(file, "[same]\nNothing is.\nmm.Pinning.pin: constant 0 instead of 0\n");
        assertEquals(
                ExitCode.FINDING,
                run("recall", "--mutant", file.toString(), "--budget", "1s", "--seed", "0x2"));
        assertTrue(out.toString().contains("missed: same"), out.toString());
        assertTrue(out.toString().contains("found 0 of 1, 0.0 %"), out.toString());
    }

    @Test
    void advisoriesAreListed() {
        assertEquals(ExitCode.FINE, run("recall", "--list", "--only", "XSA-299"));
        assertEquals(
                List.of("XSA-299b", "XSA-299c", "XSA-299d", "3"),
                out.toString().lines().map(line -> line.split(" ", 2)[0]).toList());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        assertBad("there is no advisory XSA-0; --list says which there are", "--only", "XSA-0");
        assertBad("XSA-13 cannot be had here: not-yet, interrupts of", "--only", "XSA-13");
        assertBad("--only chooses among advisories", "--only", "XSA-58", "--mutant", ".");
        assertBad("there is no nowhere.jar", "--mutant", "nowhere.jar");
        assertBad("--jobs must be 1 to 1024, not 0", "--only", "XSA-58", "--jobs", "0");
        assertBad("--seed must be a number like 42", "--only", "XSA-58", "--seed", "many");
        assertBad("--budget must be like 90s", "--only", "XSA-58", "--budget", "long");
        Path file = Files.writeString(directory.resolve("file"), "a file");
        assertBad("cannot write into ", "--only", "XSA-58", "--out", file.toString());
    }

    private void assertBad(String message, String... options) {
        err.getBuffer().setLength(0);
        String[] args = new String[options.length + 1];
        args[0] = "recall";
        System.arraycopy(options, 0, args, 1, options.length);
        assertEquals(ExitCode.BAD_INPUT, run(args));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
