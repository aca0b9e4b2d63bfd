// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.statements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.mcdc.Drive.Listener;
import org.provisor.proofs.mcdc.McdcCheck;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.proofs.statements.StatementCheck.Figures;
import org.provisor.proofs.statements.StatementCheck.Line;
import org.provisor.proofs.statements.StatementCheck.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The examples and one kernel, without traces and campaigns: they execute all that the rules have,
/// nearly, and of the implementation what that kernel asks for.
final class StatementCheckTest {

    private static Result result;

    @BeforeAll
    static void run() throws InterruptedException {
        result = new StatementCheck().run(Map.of(), 1, 0, new Nobody());
    }

    private record Nobody() implements Listener {

        @Override
        public void steps(long made) {}

        @Override
        public void played(String program, List<int[]> seen) {}
    }

    private static List<Line> of(String file) {
        return result.lines().stream().filter(line -> line.file().endsWith(file)).toList();
    }

    @Test
    void whatNobodyAsksForIsNotExecuted() {
        // No kernel claims memory.
        assertTrue(of("/impl/mm/Claims.java").stream().filter(Line::never).count() > 10);
        // It does write page tables.
        assertTrue(of("/impl/mm/MmuUpdate.java").stream().anyMatch(line -> !line.never()));
        for (Line line : result.lines()) {
            assertTrue(line.missed() <= line.ways(), line.toString());
        }
    }

    @Test
    void tooFewLinesAreNotEnough() {
        Figures impl = Objects.requireNonNull(result.figures().get("impl"));
        assertFalse(impl.enough("impl"), impl.toString());
        assertFalse(result.fine());
        int never =
                (int)
                        result.lines().stream()
                                .filter(l -> l.module().equals("impl") && l.never())
                                .count();
        assertEquals(impl.lines() - impl.executed(), never);
    }

    @Test
    void oneLineLessThanEnough() {
        int bar = StatementCheck.hundredths("spec");
        assertTrue(new Figures(1000, 10 * bar, 0, 0).enough("spec"));
        assertFalse(new Figures(1000, 10 * bar - 1, 0, 0).enough("spec"));
    }

    @Test
    void reportsAreWhatOthersRead(@TempDir Path directory) throws IOException {
        Path project = SourceTree.of(Target.SPECIFICATION).project();
        Path xml = directory.resolve("jacoco.xml");
        result.report().xml(project, xml);
        String text = Files.readString(xml);
        assertTrue(text.contains("<group name=\"impl\">"), text.substring(0, 400));
        assertTrue(text.contains("sourcefilename=\"Claims.java\""));
        result.report().html(project, directory.resolve("html"));
        Path page = directory.resolve("html/impl/org.provisor.impl.mm/Claims.java.html");
        assertTrue(Files.readString(page).contains("class=\"nc\""));
    }

    @Test
    void classesAreThoseOfMcdc() {
        assertEquals(McdcCheck.classes().keySet(), result.figures().keySet());
    }
}
