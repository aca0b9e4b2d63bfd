// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

final class CoverageCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyRowIsSeenOrExcused() {
        assertEquals(ExitCode.FINE, run("coverage", "--no-explore"), out.toString());
        assertTrue(out.toString().contains("in exploration  0\n"), out.toString());
    }

    @Test
    void explorationIsSeenToo() {
        run("coverage", "--budget", "1s", "--jobs", "1", "--format", "csv");
        assertTrue(out.toString().startsWith("clause,row,examples,exploration,excuse\n"));
        assertTrue(
                out.toString().lines().anyMatch(line -> line.matches("mm.pin,g,[0-9]+,[1-9].*")));
    }

    @Test
    void badValuesAreOneLine() {
        assertEquals(ExitCode.BAD_INPUT, run("coverage", "--format", "xml"));
        assertEquals(ExitCode.BAD_INPUT, run("coverage", "--budget", "long"));
        assertEquals(2, err.toString().lines().count(), err.toString());
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
