// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

final class HostileCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... options) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] args = new String[options.length + 1];
        args[0] = "hostile";
        System.arraycopy(options, 0, args, 1, options.length);
        return Provisor.run(line, args);
    }

    @Test
    void aShortRunIsFineAndSaysWhatItDid() {
        int code = run("--kernels", "2", "--only", "modify", "--seed", "0x7", "--jobs", "1");
        assertEquals(ExitCode.FINE, code, out.toString());
        assertTrue(out.toString().startsWith("2 kernels, "), out.toString());
        assertTrue(
                out.toString().contains("seed 0x7\n  modify          2 kernels"), out.toString());
        assertTrue(out.toString().endsWith("findings: 0\n"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void badInput() {
        bad("--kernels must be 1 or more, not 0", "--kernels", "0");
        bad("--instructions must be 1 or more, not -1", "--instructions", "-1");
        bad("--jobs must be 1 to 64, not 65", "--jobs", "65");
        bad("--seed must be a number like 42 or 0x2a, not x", "--seed", "x");
        bad(
                "--only must be one of code, calls, tables, modify, flood, all, not mischief",
                "--only",
                "mischief");
    }

    private void bad(String message, String... options) {
        err.getBuffer().setLength(0);
        assertEquals(ExitCode.BAD_INPUT, run(options));
        assertEquals("provisor: " + message + "\n", err.toString());
    }
}
