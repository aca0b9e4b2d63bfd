// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.provisor.proofs.recall.MutantFinder.Found;
import org.provisor.proofs.recall.RecallVerdict.Ending;
import org.provisor.proofs.recall.RecallVerdict.Oracle;
import org.provisor.proofs.seeded.SeededException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
        RecallVerdict verdict = judge(1).judge(declared("mm.Pinning.pin: constant 0 instead of 0"));
        assertEquals(Ending.MISSED, verdict.ending());
        assertFalse(verdict.found());
        assertEquals(Oracle.NONE, verdict.oracle());
        assertTrue(verdict.search().programs() > 0);
        assertTrue(verdict.search().cpuNanos() >= TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aMachineThatDoesNotStartIsFound() {
        RecallVerdict verdict =
                judge(1).judge(
                                declared(
                                        "mm.Host.share: fail instead of constant 1",
                                        "mm.Host.give: fail instead of constant 1"));
        assertEquals(Ending.FOUND, verdict.ending());
        assertEquals(Oracle.ROBUSTNESS, verdict.oracle());
        Found found = verdict.search().found().orElseThrow();
        assertEquals("exception: AssertionError in Host.share", found.part());
        assertEquals(0, found.calls());
    }

    /// What no call of a guest can do, and the campaign does not expect.
    @Test
    void aCampaignThatBreaksIsFound() {
        RecallVerdict verdict = judge(120).judge(new Unlinked());
        assertEquals(Ending.FOUND, verdict.ending());
        assertEquals(Oracle.ROBUSTNESS, verdict.oracle());
        Found found = verdict.search().found().orElseThrow();
        assertEquals("implementation: NoSuchMethodError", found.part());
        assertTrue(found.trace().lines().allMatch(line -> line.startsWith("#")), found.trace());
    }

    /// Loops of every mutant ask whether to stop, and what is made of them still verifies.
    @Test
    void whatGoesOnForEverCanBeStopped() {
        Map<String, byte[]> changed =
                MutantClasses.of(
                        declared("mm.Pinning.marked: always jump at condition (1 of 3)"), BUILT);
        Map<String, byte[]> all = MutantClasses.stoppable(changed, BUILT);
        assertTrue(all.keySet().containsAll(changed.keySet()));
        assertTrue(all.containsKey("org.provisor.impl.mm.FrameTable"));
        for (Map.Entry<String, byte[]> each : all.entrySet()) {
            MutantClasses.verify("t", each.getKey(), each.getValue());
            boolean asks =
                    new String(each.getValue(), StandardCharsets.ISO_8859_1)
                            .contains("org/provisor/proofs/recall/loaded/Stop");
            assertTrue(asks || changed.containsKey(each.getKey()), each.getKey());
        }
    }

    /// What is wrong without the mutant too says nothing of the mutant.
    @Test
    void whatDiffersAnywayIsNotCounted() {
        RecallJudge judge =
                new RecallJudge(1, 1, 1, "org.provisor.proofs.recall.loaded.AlwaysWrong");
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

    private static Mutant declared(String... changes) {
        return MutantFile.of("t", "[t]\nIs tried.\n" + String.join("\n", changes), BUILT)
                .getFirst();
    }

    private static Mutant shipped(String name) {
        return MutantFile.shipped(BUILT).stream()
                .filter(mutant -> mutant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Calls what there is not.
    private static final class Unlinked implements Mutant {

        @Override
        public String name() {
            return "unlinked";
        }

        @Override
        public boolean change(ClassNode type) {
            for (MethodNode method : type.methods) {
                for (AbstractInsnNode at : method.instructions) {
                    if (at instanceof MethodInsnNode call && call.name.equals("machineBits")) {
                        call.name = "machineBytes";
                        return true;
                    }
                }
            }
            return false;
        }
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
