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

final class CertifyCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void oneClaimIsRunByItself() {
        assertEquals(ExitCode.FINE, run("certify", "--claim", "traces", "--subject", "builtin"));
        assertTrue(out.toString().startsWith("passed   traces "), out.toString());
    }

    /// The campaign of a few steps, so that its part is run here at all.
    @Test
    void refinementTakesAsManySteps() {
        assertEquals(
                ExitCode.FINE,
                run("certify", "--claim", "refinement", "--steps", "4000", "--jobs", "2"));
        assertTrue(out.toString().contains("steps compared"), out.toString());
    }

    /// What is run in the usual profile only is not run in another.
    @Test
    void aClaimOfTheUsualProfileIsNotMadeInAnother() {
        String[] usual = {"certify", "--claim", "guests", "--profile", "4.17-no-linear-pt"};
        assertEquals(ExitCode.FINDING, run(usual));
        assertTrue(
                out.toString().startsWith("not run  guests        it is run in profile 4.17 only"),
                out.toString());
    }

    @Test
    void badInputIsOneLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--claim", "nothing"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--profile", "4.18"));
        assertEquals(
                "provisor: there is no profile 4.18; there are 4.17, 4.17-no-linear-pt",
                err.toString().lines().toList().getLast());
        assertEquals(ExitCode.BAD_INPUT, run("campaign", "--profile", "4.18"));
        assertEquals(ExitCode.BAD_INPUT, run("conform", "--profile", "4.18"));
        assertEquals(ExitCode.BAD_INPUT, run("explore", "--profile", "4.18"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--jobs", "0"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--steps", "0"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--seed", "x"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--budget", "x"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--subject", "vmware"));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--subject", "xen=" + file));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--out", directory.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("certify", "--key", file.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("verify-evidence", directory.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("verify-evidence", "--sample", "9"));
        assertEquals(15, err.toString().lines().count(), err.toString());
        assertTrue(Files.exists(file));
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
