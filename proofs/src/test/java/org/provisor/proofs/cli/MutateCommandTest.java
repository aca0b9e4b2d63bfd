// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class MutateCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of(".");

    @Test
    void mutantsOfAMethodAreJudgedAndWritten() throws IOException {
        Path table = directory.resolve("mutants.csv");
        assertEquals(
                ExitCode.FINDING,
                run(
                        "--only",
                        "UnfinishedTeardown.finish",
                        "--steps",
                        "0",
                        "--out",
                        table.toString()),
                err.toString());
        String printed = out.toString();
        assertTrue(printed.contains("\nsurvived    UnfinishedTeardown.finish/never-2 "), printed);
        assertTrue(printed.contains("\nkilled 16 of 17, 94.1 %"), printed);
        List<String> rows = Files.readAllLines(table);
        assertEquals(18, rows.size(), rows.toString());
        assertTrue(
                rows.stream()
                        .anyMatch(row ->
                                row.matches(
                                        "UnfinishedTeardown.finish/drop-1,mm.unfinished.finish,"
                                                + "UnfinishedTeardown,finish,[0-9]+,drop,"
                                                + ".*,killed,example,.*")),
                rows.toString());
    }

    @Test
    void ifAllAreKilledItIsFine() {
        assertEquals(ExitCode.FINE, run("--only", "Pinning.unpin/errno-1", "--steps", "0"));
        assertTrue(out.toString().endsWith("killed 1 of 1, 100.0 %\n"), out.toString());
    }

    @Test
    void theSameSampleIsChosenAgain() {
        assertEquals(ExitCode.FINE, run("--list", "--only", "mm.pin", "--sample", "3"));
        String first = out.toString();
        assertEquals(4, first.lines().count(), first);
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.FINE, run("--list", "--only", "mm.pin", "--sample", "3"));
        assertEquals(first, out.toString());
    }

    @Test
    void badInputIsOneLine() {
        assertBad("--in must be spec or impl, not model", "--in", "model");
        assertBad("no mutant is of Nothing; --list says which", "--only", "Nothing", "--list");
        assertBad("--jobs must be 1 to 1024, not 0", "--jobs", "0");
        assertBad("--steps must be 0 or more, not -1", "--steps", "-1");
        assertBad("--sample must be 1 or more, not 0", "--sample", "0");
        assertBad("--seed must be a number like 42 or 0x2a, not x", "--seed", "x");
        String nowhere = directory.resolve("none").resolve("t.csv").toString();
        assertBad("cannot write " + nowhere, "--out", nowhere, "--only", "Pinning.unpin/errno-1");
    }

    private void assertBad(String message, String... args) {
        err.getBuffer().setLength(0);
        assertEquals(ExitCode.BAD_INPUT, run(args));
        String said = err.toString();
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains(message), said);
    }

    private int run(String... args) {
        CommandLine line =
                Provisor.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        String[] all = new String[args.length + 1];
        all[0] = "mutate";
        System.arraycopy(args, 0, all, 1, args.length);
        return Provisor.run(line, all);
    }
}
