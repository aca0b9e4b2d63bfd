// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class ExploreTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aWorldExploredToItsEndIsFine() {
        assertEquals(ExitCode.FINE, tiny());
        assertTrue(out.toString().contains("every reachable state was explored"), out.toString());
        assertTrue(out.toString().contains("broken          nothing\n"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void whatIsCutShortSaysSo() {
        assertEquals(ExitCode.FINE, tiny("--max-depth", "2"));
        assertTrue(
                out.toString().contains("incomplete: stopped at the limit on depth"),
                out.toString());
        assertTrue(out.toString().contains("nothing, as far as it went"), out.toString());
    }

    @Test
    void whatIsKeptIsGoneOnWith(@TempDir Path directory) {
        String kept = directory.resolve("kept").toString();
        assertEquals(ExitCode.FINE, tiny("--out", kept, "--max-states", "10"));
        assertEquals(ExitCode.FINE, tiny("--out", kept));
        assertTrue(out.toString().contains("every reachable state was explored"), out.toString());
        assertEquals(ExitCode.BAD_INPUT, tiny("--out", kept, "--contents", "one"));
        assertTrue(err.toString().contains("holds the exploration of"), err.toString());
    }

    @Test
    void tracesAreWrittenToAFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("traces");
        assertEquals(ExitCode.FINE, tiny("--trace", file.toString()));
        assertEquals("", Files.readString(file));
    }

    @Test
    void badValuesAreOneLine() {
        for (List<String> bad :
                List.of(
                        List.of("--frames", "9"),
                        List.of("--slots", "0"),
                        List.of("--levels", "5"),
                        List.of("--groups", "pin"),
                        List.of("--contents", "some"),
                        List.of("--jobs", "0"),
                        List.of("--budget", "soon"),
                        List.of("--max-states", "0"),
                        List.of("--max-depth", "-1"))) {
            err.getBuffer().setLength(0);
            assertEquals(ExitCode.BAD_INPUT, run(bad.toArray(String[]::new)), bad.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    private int tiny(String... more) {
        List<String> args = new ArrayList<>(List.of("--frames", "2", "--groups", "pins,entries"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("explore"));
        all.addAll(List.of(args));
        return Provisor.run(line, all.toArray(String[]::new));
    }
}
