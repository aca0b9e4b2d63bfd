// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.proofs.seeded.CampaignVerdict.Ending;
import org.provisor.proofs.seeded.ErrorFinder.Difference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The errors that are shipped fit the implementation, and what is said of one is what came of it.
class SeededImplementationTest {

    private static final SourceTree SOURCES = SourceTree.of(Target.IMPLEMENTATION);
    private static final String LOADED = "org.provisor.proofs.seeded.loaded.";

    /// A source that has changed leaves its errors without a place.
    @Test
    void everyErrorFitsItsSource() {
        List<SeededError> errors = new ArrayList<>(ErrorFile.shipped(Target.IMPLEMENTATION));
        errors.addAll(ErrorFile.shipped(Target.TWO_VCPUS));
        errors.addAll(ErrorFile.shipped(Target.GUEST_PATH));
        SeededCompiler compiler = new SeededCompiler(SOURCES);
        List<String> wrong = new ArrayList<>();
        for (SeededError error : errors) {
            try {
                assertFalse(compiler.compiled(error).isEmpty());
            } catch (SeededException e) {
                wrong.add(e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// Return values are right; only the accounting is wrong.
    @Test
    void anErrorIsFound() {
        CampaignVerdict verdict =
                fixed().judge(error("mm/Host.java", "adjustPages(owner, -1);", ""));
        assertEquals(Ending.FOUND, verdict.ending());
        assertTrue(verdict.found());
        Difference difference = verdict.search().difference().orElseThrow();
        assertEquals("mm.reservation.extents", difference.clause());
        assertEquals("domain: frames", difference.part());
        assertEquals(1, difference.calls());
        assertTrue(difference.program().contains("decrease_reservation"));
        assertTrue(difference.explanation().contains("specification"), difference.explanation());
    }

    /// It shows only where a kernel runs on the implementation.
    @Test
    void anErrorOfTheGuestsPathIsFound() {
        SeededError error =
                ErrorFile.shipped(Target.GUEST_PATH).stream()
                        .filter(each -> each.name().equals("page-not-mapped"))
                        .findAny()
                        .orElseThrow();
        CampaignVerdict verdict =
                new CampaignJudge(SourceTree.of(Target.GUEST_PATH), 1, TimeUnit.MINUTES.toNanos(1))
                        .judge(error);
        assertEquals(Ending.FOUND, verdict.ending());
        assertEquals("mm.ldt.map", verdict.search().difference().orElseThrow().clause());
    }

    /// It shows only when two vCPUs meet.
    @Test
    void anErrorOfTwoVcpusIsFound() {
        SeededError error =
                ErrorFile.shipped(Target.TWO_VCPUS).stream()
                        .filter(each -> each.name().equals("drop-in-two-steps"))
                        .findFirst()
                        .orElseThrow();
        CampaignVerdict verdict =
                new CampaignJudge(SourceTree.of(Target.TWO_VCPUS), 1, TimeUnit.MINUTES.toNanos(1))
                        .judge(error);
        assertEquals(Ending.FOUND, verdict.ending());
    }

    @Test
    void racesFindAnErrorOfTwoVcpus() {
        racesFind("steal-in-two-steps");
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(
            strings = {
                "types-in-two-steps",
                "drop-in-two-steps",
                "mark-in-two-steps",
                "unlock-drops-the-last"
            })
    void racesFindMoreErrorsOfTwoVcpus(String name) {
        racesFind(name);
    }

    /// Where calls meet at each point, the error shows.
    private static void racesFind(String name) {
        SeededError error =
                ErrorFile.shipped(Target.TWO_VCPUS).stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        CampaignVerdict verdict =
                CampaignJudge.byRaces(SourceTree.of(Target.TWO_VCPUS), TimeUnit.MINUTES.toNanos(2))
                        .judge(error);
        assertEquals(Ending.FOUND, verdict.ending());
    }

    /// Several at once do not get into each other's way: each has its own classes.
    @Test
    void severalAreJudgedAtOnce() {
        CampaignJudge judge = fixed();
        List<Ending> endings =
                List.of("adjustPages(owner, -1)", "adjustPages(owner, 0)", "adjustPages(owner, -1)")
                        .parallelStream()
                        .map(with -> error("mm/Host.java", "adjustPages(owner, -1)", with))
                        .map(error -> judge.judge(error).ending())
                        .toList();
        assertEquals(List.of(Ending.MISSED, Ending.FOUND, Ending.MISSED), endings);
    }

    @Test
    void anErrorThatChangesNothingIsMissed() {
        CampaignVerdict verdict =
                fixed().judge(
                                error(
                                        "mm/Host.java",
                                        "adjustPages(owner, -1);",
                                        "adjustPages(owner, -1);"));
        assertEquals(Ending.MISSED, verdict.ending());
        assertFalse(verdict.found());
    }

    /// What is wrong without the error too says nothing of the error.
    @Test
    void whatDiffersAnywayIsNotCounted() {
        CampaignVerdict verdict =
                judge("AlwaysWrong", 60)
                        .judge(error("mm/Host.java", "adjustPages(owner, -1);", ""));
        assertEquals(Ending.ANYWAY, verdict.ending());
        assertFalse(verdict.found());
    }

    @Test
    void whatGoesOnForEverIsFound() {
        String check = "if (marked(by.host.frames, mfn, true)) {";
        String loop = "while (mfn >= 0) { Thread.onSpinWait(); }";
        CampaignVerdict verdict =
                judge("FixedPrograms", 1).judge(error("mm/Pinning.java", check, loop + check));
        assertEquals(Ending.ENDLESS, verdict.ending());
        assertTrue(verdict.found());
    }

    @Test
    void badInputSaysWhichErrorAndWhy() {
        assertWrong("e: its fragment is not in mm/Pinning.java", "mm/Pinning.java", "no such line");
        assertWrong(
                "e: its fragment is more than once in mm/Pinning.java",
                "mm/Pinning.java",
                "host.put(mfn);");
        assertWrong("e: there is no source mm/NoSuchFile.java", "mm/NoSuchFile.java", "a");
        assertWrong(
                "e: the source does not compile with it: line ",
                "mm/Pinning.java",
                "return typed;");
    }

    private static void assertWrong(String message, String source, String original) {
        SeededError error = error(source, original, "return nothing of the kind;");
        SeededException e =
                assertThrows(
                        SeededException.class, () -> new SeededCompiler(SOURCES).compiled(error));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    private static CampaignJudge fixed() {
        return judge("FixedPrograms", 60);
    }

    private static CampaignJudge judge(String finder, long patienceSeconds) {
        return new CampaignJudge(
                SOURCES, 1, 0, LOADED + finder, TimeUnit.SECONDS.toNanos(patienceSeconds));
    }

    private static SeededError error(String source, String original, String replacement) {
        return new SeededError("e", "an error", source, original, replacement);
    }
}
