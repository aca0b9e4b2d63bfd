// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.ClassNode;
import org.provisor.proofs.recall.MutantFinder.Found;
import org.provisor.proofs.recall.RecallVerdict.Ending;
import org.provisor.proofs.recall.RecallVerdict.Oracle;
import org.provisor.proofs.seeded.SeededException;

import java.util.List;
import java.util.concurrent.TimeUnit;

final class RecallJudgeTest {

    private static final Implementation BUILT = Implementation.built();

    /// The answer is right; only the accounting is wrong.
    @Test
    void anAdvisoryIsFound() {
        RecallVerdict verdict = judge(120).judge(shipped("XSA-58"));
        assertEquals(Ending.FOUND, verdict.ending());
        assertEquals(Oracle.REFINEMENT, verdict.oracle());
        Found found = verdict.search().found().orElseThrow();
        assertEquals("frame: general references", found.part());
        assertTrue(found.calls() <= 2, found.trace());
        assertTrue(found.program().contains("mmuext_op"), found.program());
        assertTrue(found.trace().endsWith(found.program()), found.trace());
    }

    @Test
    void anEscapedExceptionIsFound() {
        RecallVerdict verdict = judge(120).judge(shipped("XSA-32"));
        assertEquals(Ending.FOUND, verdict.ending());
        assertEquals(Oracle.ROBUSTNESS, verdict.oracle());
    }

    /// Several at once do not get into each other's way: each has its own classes.
    @Test
    void theImplementationAsItIsIsNotAccused() {
        RecallJudge judge = judge(1);
        List<Ending> endings =
                List.of(true, false, true).parallelStream()
                        .map(asItIs -> asItIs ? judge.control() : judge.judge(shipped("XSA-58")))
                        .map(RecallVerdict::ending)
                        .toList();
        assertEquals(List.of(Ending.MISSED, Ending.FOUND, Ending.MISSED), endings);
    }

    /// A campaign ends when its time is over, and has done something.
    @Test
    void whatChangesNothingIsMissed() {
        RecallVerdict verdict =
                judge(1).judge(
                                MutantFile.of(
                                                "t",
                                                """
                                                [same]
                                                Nothing is.
                                                mm.Pinning.pin: constant 0 instead of 0
                                                """,
                                                BUILT)
                                        .getFirst());
        assertEquals(Ending.MISSED, verdict.ending());
        assertFalse(verdict.found());
        assertEquals(Oracle.NONE, verdict.oracle());
        assertTrue(verdict.search().programs() > 0);
        assertTrue(verdict.search().cpuNanos() >= TimeUnit.SECONDS.toNanos(1));
    }

    /// What is wrong without the mutant too says nothing of the mutant.
    @Test
    void whatDiffersAnywayIsNotCounted() {
        RecallJudge judge = new RecallJudge(1, 1, "org.provisor.proofs.recall.loaded.AlwaysWrong");
        assertEquals(Ending.ANYWAY, judge.judge(shipped("XSA-58")).ending());
        assertEquals(Ending.ANYWAY, judge.control().ending());
    }

    @Test
    void aMutantThatChangesNoClassIsBadInput() {
        Mutant idle = new Lazy();
        assertEquals(
                "idle: it changes no class",
                assertThrows(SeededException.class, () -> judge(1).judge(idle)).getMessage());
    }

    private static RecallJudge judge(int seconds) {
        return new RecallJudge(1, TimeUnit.SECONDS.toNanos(seconds));
    }

    private static Mutant shipped(String name) {
        return MutantFile.shipped(BUILT).stream()
                .filter(mutant -> mutant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Changes nothing.
    private static final class Lazy implements Mutant {

        @Override
        public String name() {
            return "idle";
        }

        @Override
        public boolean change(ClassNode type) {
            return false;
        }
    }
}
