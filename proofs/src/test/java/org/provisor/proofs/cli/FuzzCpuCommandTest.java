// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.provisor.refine.cpu.CpuFuzz;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;

final class FuzzCpuCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void needsTheProcessor() {
        String unusable = CpuFuzz.unusable();
        assumeTrue(unusable == null, Objects.requireNonNullElse(unusable, ""));
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }

    @Test
    void aShortRunIsFineAndSaysWhatItDid() {
        int code =
                run(
                        "fuzz-cpu",
                        "--snippets",
                        "1",
                        "--seed",
                        "0x7",
                        "--jobs",
                        "1",
                        "--only",
                        "mul E",
                        "--rows");
        assertEquals(ExitCode.FINE, code, out.toString());
        assertTrue(out.toString().contains("seed 0x7\n2 of "), out.toString());
        assertTrue(out.toString().contains("  mul Ev (F7 /4)\n"), out.toString());
        assertTrue(out.toString().endsWith("differences: 0\n"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void regions() {
        int code =
                run(
                        "fuzz-cpu",
                        "--against",
                        "translator",
                        "--snippets",
                        "100",
                        "--seed",
                        "7",
                        "--jobs",
                        "1");
        assertEquals(ExitCode.FINE, code, out.toString());
        assertTrue(out.toString().startsWith("100 regions in "), out.toString());
        assertTrue(out.toString().endsWith("differences: 0\n"), out.toString());
        assertEquals("", err.toString());
        bad(
                "--rows, --only and --mode cannot be used with --against translator",
                "--against",
                "translator",
                "--rows");
    }

    @Test
    void badInputIsOneLine() {
        bad("--jobs must be 1 to 64, not 0", "--jobs", "0");
        bad("--snippets must be 1 or more, not 0", "--snippets", "0");
        bad("--budget must be like 90s, 2m or 1h, not soon", "--budget", "soon");
        bad("--seed must be a number like 42 or 0x2a, not x", "--seed", "x");
        bad("--max-differences must be 1 or more, not 0", "--max-differences", "0");
        bad(
                "--only hello: no row of the table that can run on this processor begins so",
                "--only",
                "hello");
    }

    private void bad(String message, String... options) {
        err.getBuffer().setLength(0);
        String[] args = new String[options.length + 1];
        args[0] = "fuzz-cpu";
        System.arraycopy(options, 0, args, 1, options.length);
        assertEquals(ExitCode.BAD_INPUT, run(args));
        assertEquals("provisor: " + message + "\n", err.toString());
    }
}
