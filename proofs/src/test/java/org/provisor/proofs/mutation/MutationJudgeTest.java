// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.mutation.MutantVerdict.Fate;
import org.provisor.proofs.mutation.MutatedRules.By;
import org.provisor.proofs.seeded.SeededException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class MutationJudgeTest {

    /// Judged by the examples alone.
    private static final MutationJudge BY_EXAMPLES = judge(0, Map.of());

    private static MutationJudge judge(long steps, Map<String, String> equivalents) {
        return new MutationJudge(MutatedCode.SPEC, Map.of(), 1, steps, equivalents);
    }

    private static List<MutantVerdict> judged(MutationJudge judge, List<String> ids) {
        try {
            List<RuleMutant> chosen =
                    judge.mutants().stream().filter(mutant -> ids.contains(mutant.id())).toList();
            assertEquals(ids.size(), chosen.size(), "some of " + ids + " are not there");
            return judge.judge(chosen, 1, _ -> {}).verdicts();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static MutantVerdict judged(MutationJudge judge, String id) {
        return judged(judge, List.of(id)).getFirst();
    }

    @Test
    void everyOperatorHasMutantsWithNamesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        Set<Operator> operators = new HashSet<>();
        for (RuleMutant mutant : BY_EXAMPLES.mutants()) {
            assertTrue(names.add(mutant.id()), "two are called " + mutant.id());
            assertTrue(mutant.line() > 0, mutant.toString());
            operators.add(mutant.operator());
        }
        assertEquals(Set.copyOf(Arrays.asList(Operator.values())), operators);
    }

    /// The rules are as they are then; the campaign compares.
    @Test
    void anErrorInTheImplementationIsKilledByAProgram() {
        MutationJudge judge = new MutationJudge(MutatedCode.IMPL, Map.of(), 1, 3_000, Map.of());
        MutantVerdict verdict = judged(judge, "Pinning.pin/negate-1");
        assertEquals(Fate.KILLED, verdict.fate());
        assertEquals("mm.pin", verdict.mutant().clause());
        assertEquals(By.REFINEMENT, verdict.killed().orElseThrow().by());
    }

    @Test
    void anErrorIsKilledByAnExampleThatSaysWhatIsWrong() {
        MutantVerdict verdict = judged(BY_EXAMPLES, "Pinning.unpin/errno-1");
        assertEquals(Fate.KILLED, verdict.fate());
        assertEquals("mm.unpin", verdict.mutant().clause());
        MutatedRules.Killed killed = verdict.killed().orElseThrow();
        assertEquals(By.EXAMPLE, killed.by());
        assertEquals("returns -28 ENOSPC, not: returns -22 EINVAL", killed.wrong());
    }

    /// The same rules, all mutants switched off or another one on, are not accused.
    @Test
    void oneMutantLeavesNothingBehindForTheNext() {
        List<Fate> fates =
                judged(
                                BY_EXAMPLES,
                                List.of(
                                        "Claims.leave/boundary-1",
                                        "DomainDeath.relinquish/drop-6",
                                        "TlbOperations.all/reorder-1"))
                        .stream()
                        .map(MutantVerdict::fate)
                        .toList();
        assertEquals(List.of(Fate.SURVIVED, Fate.KILLED, Fate.SURVIVED), fates);
    }

    @Test
    void whatGoesOnForEverIsKilled() {
        MutantVerdict verdict = judged(BY_EXAMPLES, "DomainDeath.relinquish/drop-6");
        assertEquals(
                "exception: EndlessException: goes on for ever",
                verdict.killed().orElseThrow().wrong());
    }

    /// The campaign finds this one whatever it makes its calls up from (16 seeds of 16), and so
    /// still does when its generators change.
    @Test
    void whatNoExampleFindsTheComparisonMayFind() {
        String id = "Pinning.unpin/reorder-1";
        assertEquals(Fate.SURVIVED, judged(BY_EXAMPLES, id).fate());
        MutantVerdict verdict = judged(judge(20_000, Map.of()), id);
        assertEquals(By.REFINEMENT, verdict.killed().orElseThrow().by());
    }

    @Test
    void whatIsNeverExecutedIsNotKilled() {
        assertEquals(Fate.UNEXECUTED, judged(BY_EXAMPLES, "Descriptors.bytes/arithmetic-1").fate());
    }

    /// The shipped list names mutants that there are, and none that an example kills.
    @Test
    void whatIsListedAsNoErrorIsNone() {
        MutationJudge judge = judge(0, MutatedCode.SPEC.equivalents());
        assertEquals(List.of(), judge.unknownEquivalents());
        List<MutantVerdict> verdicts =
                judged(judge, List.copyOf(MutatedCode.SPEC.equivalents().keySet()));
        assertEquals(
                List.of(),
                verdicts.stream()
                        .filter(verdict -> verdict.fate() != Fate.EQUIVALENT)
                        .map(verdict -> verdict.mutant().id())
                        .toList());
    }

    @Test
    void anErrorIsNoLessOneForBeingListed() {
        MutationJudge judge =
                judge(0, Map.of("Pinning.unpin/errno-1", "a lie", "Pinning.unpin/no-1", "none"));
        MutantVerdict verdict = judged(judge, "Pinning.unpin/errno-1");
        assertEquals(Fate.KILLED, verdict.fate());
        assertTrue(verdict.listedWrongly());
        assertFalse(judged(BY_EXAMPLES, "Pinning.unpin/errno-1").listedWrongly());
        assertEquals(List.of("Pinning.unpin/no-1"), judge.unknownEquivalents());
    }

    @Test
    void theListGivesAReasonForEach() {
        assertEquals(
                Map.of("A.a/negate-1", "One reason.", "B.b/more-1", "Another one, on two lines."),
                Reasons.of(
                        "list",
                        """
                        # A comment.
                        One reason.
                          A.a/negate-1

                        Another one,
                        on two lines.
                          B.b/more-1
                        """));
        assertEquals(
                "list: line 1: no reason is given",
                assertThrows(SeededException.class, () -> Reasons.of("list", "  A.a/negate-1"))
                        .getMessage());
        assertEquals(
                "list: line 3: A.a/negate-1 is listed twice",
                assertThrows(
                                SeededException.class,
                                () -> Reasons.of("list", "Why.\n  A.a/negate-1\n  A.a/negate-1"))
                        .getMessage());
    }
}
