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

final class ReplayCommandTest {

    private static final String TRACE =
            """
            world frames=64 devices=0 processors=1
            domain d1 pages=4 shared=0 max=8 vcpus=1

            d1 poke 0x640000100000 = 1
            d1 poke 0x640000100008 = d1.1
            d1v0 mmuext_op 0x640000100000 1 0 0x7ff0 preempt=200
            d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of(".");

    @Test
    void saysWhatCameOfEachStep() throws IOException {
        assertEquals(ExitCode.FINE, run("replay", trace(TRACE)), err.toString());
        assertEquals(
                """
                1  d1 poke 0x640000100000 = 1
                2  d1 poke 0x640000100008 = d1.1
                3  d1v0 mmuext_op 0x640000100000 1 0 0x7ff0 preempt=200
                     returned 0, after 3 attempts
                4  d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                     returned -EINVAL, after 2 attempts
                no difference
                """,
                out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void rowsAreInTheirOrder() throws IOException {
        String trace = trace(TRACE);
        assertEquals(ExitCode.FINE, run("replay", trace, "--on", "spec", "--rows"));
        assertTrue(out.toString().endsWith("the invariants hold" + System.lineSeparator()));
        assertTrue(
                out.toString().indexOf("mm.mmuext/f")
                        < out.toString().indexOf("mm.mmuext.batch/f"));
    }

    @Test
    void quietSaysOnlyHowItEnded() throws IOException {
        assertEquals(ExitCode.FINE, run("replay", "--quiet", "--touched", trace(TRACE)));
        assertEquals("no difference" + System.lineSeparator(), out.toString());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        assertEquals(ExitCode.BAD_INPUT, run("replay", trace(TRACE + "d1v0 no_call")));
        assertTrue(
                err.toString().contains(".trace:8: no hypercall is called 'no_call'"),
                err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void machineThatCannotBeIsBadInput() throws IOException {
        String large = TRACE.replace("pages=4", "pages=64");
        assertEquals(ExitCode.BAD_INPUT, run("replay", trace(large)));
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void badOptionsAreOneLine() throws IOException {
        assertEquals(ExitCode.BAD_INPUT, run("replay"));
        assertEquals(ExitCode.BAD_INPUT, run("replay", "nowhere.trace"));
        assertEquals(ExitCode.BAD_INPUT, run("replay", trace(TRACE), "--on", "xen"));
        assertEquals(ExitCode.BAD_INPUT, run("replay", trace(TRACE), "--on", "spec,kvm"));
        assertEquals(
                ExitCode.BAD_INPUT,
                run("replay", trace(TRACE), "--on", "spec,xen", "--xen", "nowhere"));
        assertEquals(ExitCode.BAD_INPUT, run("replay", trace(TRACE), "--on", "impl"));
        assertEquals(6, err.toString().lines().count(), err.toString());
    }

    private String trace(String text) throws IOException {
        return Files.writeString(directory.resolve("some.trace"), text).toString();
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
