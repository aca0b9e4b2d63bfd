// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

final class ProvisorTest {

    private static final String NL = System.lineSeparator();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpIsFineAndListsExitCodes() {
        assertEquals(ExitCode.FINE, run("--help"));
        assertTrue(out.toString().startsWith("Usage: provisor"), out.toString());
        assertTrue(out.toString().contains("bad input"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void versionIsOneLineAndFilledIn() {
        assertEquals(ExitCode.FINE, run("--version"));
        assertTrue(
                out.toString().matches("provisor \\d\\S* \\(commit [0-9a-z-]+\\)\\R"),
                out.toString());
    }

    @Test
    void nothingToDoIsBadInput() {
        assertEquals(ExitCode.BAD_INPUT, run());
        assertEquals("provisor: no command given; see 'provisor --help'" + NL, err.toString());
    }

    @Test
    void unknownOptionIsBadInputOnOneLine() {
        assertEquals(ExitCode.BAD_INPUT, run("--nonsense"));
        assertEquals(
                "provisor: Unknown option: '--nonsense'; see 'provisor --help'" + NL,
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void unknownCommandIsBadInputWithASuggestion() {
        assertEquals(ExitCode.BAD_INPUT, run("sampel"));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("did you mean sample"), err.toString());
    }

    @Test
    void badValueNamesTheCommandWhoseHelpToRead() {
        assertEquals(ExitCode.BAD_INPUT, run("sample", "--depth", "deep"));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().endsWith("see 'provisor sample --help'" + NL), err.toString());
    }

    @Test
    void exitCodeOfACommandIsTheExitCode() {
        assertEquals(ExitCode.FINDING, run(() -> ExitCode.FINDING));
    }

    @Test
    void badInputIsOneLineWithoutATrace() {
        assertEquals(
                ExitCode.BAD_INPUT,
                run(() -> {
                    throw new BadInput("world.txt: line 3:\n  no such frame");
                }));
        assertEquals("provisor: world.txt: line 3: no such frame" + NL, err.toString());
    }

    @Test
    void aBugIsNotAFinding() {
        assertEquals(
                ExitCode.FAULT,
                run(() -> {
                    throw new IllegalStateException("count below zero");
                }));
        assertTrue(err.toString().startsWith("provisor: internal error: "), err.toString());
        assertTrue(err.toString().contains("ProvisorTest"), "the trace helps to find it");
    }

    @Test
    void noMemoryIsOneLine() {
        assertEquals(
                ExitCode.FAULT,
                run(() -> {
                    throw new OutOfMemoryError();
                }));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertFalse(err.toString().contains("ProvisorTest"), err.toString());
    }

    private int run(String... args) {
        return run(() -> ExitCode.FINE, args);
    }

    private int run(Supplier<Integer> body) {
        return run(body, "sample");
    }

    /// Runs the real command line with one command more.
    private int run(Supplier<Integer> body, String... args) {
        CommandLine line = Provisor.commandLine();
        line.addSubcommand(new Sample(body));
        line.setParameterExceptionHandler(line.getParameterExceptionHandler());
        line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }

    @Command(name = "sample")
    private static final class Sample implements Callable<Integer> {

        private final Supplier<Integer> body;

        @Option(names = "--depth")
        private int depth;

        Sample(Supplier<Integer> body) {
            this.body = body;
        }

        @Override
        public Integer call() {
            assertEquals(0, depth);
            return body.get();
        }
    }
}
