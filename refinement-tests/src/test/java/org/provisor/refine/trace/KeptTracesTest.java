// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The traces that are kept: both sides agree on all of them, whatever is switched on.
final class KeptTracesTest {

    private static final Path TRACES = Path.of("src/test/resources/traces");

    private static List<Path> traces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            return files.filter(file -> file.toString().endsWith(".trace")).sorted().toList();
        }
    }

    @Test
    void thereAreSome() throws IOException {
        assertFalse(traces().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("traces")
    void bothSidesAgree(Path trace) throws IOException {
        agreed(trace, new ImplSubject(Switches.THOROUGH));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void bothSidesAgreeOnWhatIsTouched(Path trace) throws IOException {
        agreed(trace, new ImplSubject(Switches.ALL));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void bothSidesAgreeWithoutStimuli(Path trace) throws IOException {
        agreed(trace, new ImplSubject(new Switches(false, false, false, false, false, true)));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void invariantsHoldOnTheSpecificationAlone(Path trace) throws IOException {
        agreed(trace, new SpecSubject());
    }

    /// One subject runs all of them, one after the other, and again: what one leaves behind does
    /// not reach the next.
    @Test
    void subjectStartsAnew() throws IOException {
        try (Subject subject = new ImplSubject(Switches.ALL)) {
            for (int round = 0; round < 2; round++) {
                for (Path trace : traces()) {
                    Program program = program(trace);
                    for (int i = 0; i < 2; i++) {
                        assertInstanceOf(
                                Verdict.Agreed.class,
                                Replay.run(program, subject, step -> {}),
                                trace.toString());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void isPrintedAsItWasMeant(Path trace) throws IOException {
        Program program = program(trace);
        assertEquals(program, TraceText.parse("printed", TraceText.print(program)));
    }

    private static void agreed(Path trace, Subject subject) throws IOException {
        try (subject) {
            Verdict verdict =
                    Replay.run(
                            program(trace),
                            subject,
                            step -> {
                                if (step.verdict() instanceof Verdict.Differs differs) {
                                    throw new AssertionError(
                                            step.number()
                                                    + ": "
                                                    + TraceText.print(step.action())
                                                    + ": "
                                                    + differs);
                                }
                            });
            assertInstanceOf(Verdict.Agreed.class, verdict, verdict::toString);
        }
    }

    private static Program program(Path trace) throws IOException {
        return TraceText.parse(trace.toString(), Files.readString(trace));
    }
}
