// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.mcdc.loaded.HandWorked;
import org.provisor.proofs.seeded.SeededLoader;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Decisions whose pairs were worked by hand.
class HandWorkedTest {

    private final Watched watched = new Watched();

    HandWorkedTest() throws IOException {
        try (InputStream in = HandWorked.class.getResourceAsStream("HandWorked.class")) {
            watched.add("test", Objects.requireNonNull(in).readAllBytes());
        }
    }

    /// Hears nothing of a campaign that there is not.
    private static final class Silent implements Drive.Listener {

        @Override
        public void steps(long made) {}

        @Override
        public void played(String program, List<int[]> seen) {}
    }

    private List<Decision> in(String method) {
        return watched.decisions().stream()
                .filter(each -> each.id().startsWith("test/HandWorked." + method + "/"))
                .toList();
    }

    private int[] noted(String method, String inputs) {
        Worked worked =
                SeededLoader.load(
                        List.of("org.provisor.proofs.mcdc.loaded."),
                        watched.classes(),
                        (_, bytes) -> bytes,
                        Worked.class,
                        HandWorked.class.getName());
        List<int[]> all = worked.run(watched.decisions().size(), method, inputs);
        return all.get(in(method).getFirst().number());
    }

    /// What shows each condition of the only decision of a method, or what is missing.
    private List<String> shown(String method, String inputs) {
        Decision decision = in(method).getFirst();
        assertEquals(1, in(method).size());
        List<Evaluation> seen =
                Arrays.stream(noted(method, inputs)).mapToObj(Evaluation::of).toList();
        int count = decision.conditions().size();
        return IntStream.range(0, count)
                .mapToObj(i ->
                        Judgement.pair(decision, i, seen)
                                .map(pair ->
                                        pair.whenTrue().text(count)
                                                + ", "
                                                + pair.whenFalse().text(count)
                                                + (pair.uniqueCause() ? "" : ", masked"))
                                .orElseGet(() -> Judgement.missing(decision, i, seen)))
                .toList();
    }

    private List<String> texts(String method) {
        return in(method).stream()
                .flatMap(each -> each.conditions().stream())
                .map(Decision.Condition::text)
                .toList();
    }

    @Test
    void ofTwoThatMustHoldEachDecides() {
        assertEquals(List.of("a", "b"), texts("and"));
        assertEquals(List.of("TT true, F- false", "TT true, TF false"), shown("and", "TT FT TF"));
        assertEquals(List.of("TT true, F- false", "it is never false"), shown("and", "TT FT FF"));
        assertEquals(List.of("it is never true", "it is never evaluated"), shown("and", "FT FF"));
        assertEquals(List.of("it is never false", "it is never true"), shown("and", "TF"));
    }

    @Test
    void aNestedOneTakesFourEvaluations() {
        assertEquals(
                List.of("T-- true, FF- false", "FTT true, FF- false", "FTT true, FTF false"),
                shown("orAnd", "TFF FFT FTT FTF"));
        assertEquals(
                List.of("T-- true, FTF false", "it is never false", "FTT true, FTF false"),
                shown("orAnd", "TFF FTT FTF"));
    }

    @Test
    void whatAnotherConditionDidShowsNothing() {
        // The outcome is that of the third: the first differs, but does not decide.
        assertEquals(
                List.of(
                        "it never decides while it is true",
                        "it is never true",
                        "TFT true, F-F false, masked"),
                shown("andOr", "TFT FFF"));
        assertEquals(
                List.of("TT- true, F-F false", "it is never false", "F-T true, F-F false"),
                shown("andOr", "TTF FTT FTF"));
    }

    @Test
    void aMaskedDifferenceIsNone() {
        assertEquals("F-T true, TFF false, masked", shown("andOr", "FTT TFF").getLast());
        assertEquals("F-T true, F-F false", shown("andOr", "FTT TFF FFF").getLast());
        assertEquals("TFT true, TFF false", shown("andOr", "FTT TFT TFF").getLast());
    }

    @Test
    void negationsAreNoConditions() {
        assertEquals(List.of("a", "b"), texts("negated"));
        assertEquals(
                List.of("TF false, F- true", "TT true, TF false"), shown("negated", "TF FF TT"));
    }

    @Test
    void aCoupledConditionCannotBeShown() {
        assertEquals(List.of("a", "b", "a"), texts("coupled"));
        List<String> all = shown("coupled", "TT TF FT FF");
        assertEquals("TT- true, F-- false", all.getFirst());
        assertEquals("it never decides while it is false", all.get(1));
        assertEquals("it is never false", all.get(2));
    }

    @Test
    void aChoiceBetweenTruthValuesIsOneDecision() {
        assertEquals(List.of("a", "b", "c"), texts("choice"));
        assertEquals(
                List.of("TT- true, F-F false", "TT- true, TF- false", "F-T true, F-F false"),
                shown("choice", "TTT FTF TFT FTT"));
        assertEquals(
                List.of("the outcome never differs", "it is never false", "it is never false"),
                shown("choice", "TTT FTT"));
    }

    @Test
    void whatTwoStatementsDecideIsTwoDecisions() {
        assertEquals(List.of(1, 1), in("apart").stream().map(d -> d.conditions().size()).toList());
    }

    @Test
    void whatHasThreeOutcomesIsTwoDecisions() {
        assertEquals(List.of(1, 1), in("three").stream().map(d -> d.conditions().size()).toList());
    }

    @Test
    void aLoopIsLeftByItsDecision() {
        assertEquals(List.of("i < 3", "a", "b"), texts("loop"));
        assertEquals(
                List.of("TT- true, F-- false", "TT- true, TFF false", "TFT true, TFF false"),
                shown("loop", "TF FT FF"));
    }

    @Test
    void aConditionMayComeToTheDecisionAgain() {
        // For 2: asks for 1, which asks for 0.
        List<String> seen =
                Arrays.stream(noted("again", "T"))
                        .mapToObj(each -> Evaluation.of(each).text(3))
                        .sorted()
                        .toList();
        assertEquals(List.of("FTF false", "FTT true", "T-- true"), seen);
    }

    @Test
    void aSwitchHasItsWays() {
        Decision decision = in("ways").getFirst();
        assertTrue(decision.isSwitch());
        assertEquals(3, decision.conditions().size());
        assertEquals(2, noted("ways", "TF FT").length);
        assertEquals(3, noted("ways", "TF FT FF").length);
    }

    @Test
    void whatOnlyComplainsDoesNotCount() {
        assertEquals(List.of(), in("complains"));
        assertEquals(1, watched.complaints().stream().filter(c -> c.contains("complains")).count());
    }

    @Test
    void aReasonThatFitsNoGapIsOne() throws InterruptedException {
        McdcCheck check = new McdcCheck(Map.of("spec/No.such/decision-1.1", "there is none"));
        McdcCheck.Result result = check.run(Map.of(), 1, 0, new Silent());
        assertEquals(List.of("spec/No.such/decision-1.1"), result.needless());
        String shown = "spec/L1Entries.get/decision-1.1";
        assertTrue(result.gaps().stream().noneMatch(gap -> gap.id().equals(shown)));
        assertTrue(result.figures().keySet().containsAll(List.of("impl", "spec")));
    }
}
