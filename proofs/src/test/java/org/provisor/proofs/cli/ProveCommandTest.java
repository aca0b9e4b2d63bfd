// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

class ProveCommandTest {

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        var line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }

    @Test
    void provesOneAndWritesItsQuestions() {
        int code =
                run(
                        "prove",
                        "--only",
                        "begin-death",
                        "--solver",
                        "smtinterpol",
                        "--out",
                        directory.toString());
        assertEquals(ExitCode.FINE, code, err::toString);
        assertTrue(out.toString().contains("begin-death      proved"), out::toString);
        assertTrue(Files.exists(directory.resolve("begin-death.refs-counted.smt2")));
    }

    @Test
    void refusesWhatThereIsNot() {
        assertEquals(ExitCode.BAD_INPUT, run("prove", "--only", "nothing"));
        assertEquals(ExitCode.BAD_INPUT, run("prove", "--solver", "none"));
        assertEquals(ExitCode.BAD_INPUT, run("prove", "--timeout", "soon"));
        assertTrue(
                err.toString().contains("--timeout must be 1s to 9999s, not soon"), err::toString);
    }
}
