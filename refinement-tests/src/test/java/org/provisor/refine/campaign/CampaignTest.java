// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// That the campaign finds what there is to find, and makes it small; and that it does the same
/// again.
final class CampaignTest {

    private static final long ENOUGH = 3_000_000;

    private static Campaign lied(Lying.Lie lie) {
        return lied(() -> lie);
    }

    private static Campaign lied(java.util.function.Supplier<Lying.Lie> lies) {
        return new Campaign(() -> new Lying(lies)).seed(1).steps(ENOUGH);
    }

    private static Finding found(Campaign campaign) {
        List<Finding> told = new ArrayList<>();
        CampaignResult result = campaign.found(told::add).run();
        assertEquals(1, result.differences().size(), result.text());
        assertEquals(result.differences(), told);
        return result.differences().getFirst();
    }

    private static boolean called(Action action, int number) {
        return action instanceof Action.Call call
                && call.number().equals(Operand.of(number))
                && call.stimulus().flips().isEmpty();
    }

    private static boolean agreed(Verdict verdict, String row) {
        return verdict instanceof Verdict.Agreed(int attempts, var rows)
                && attempts > 0
                && rows.contains(row);
    }

    // What is there is found.

    @Test
    void aWrongAnswerIsFoundAndOneCallIsLeft() {
        Finding finding =
                found(
                        lied((action, _, verdict) ->
                                called(action, 21) && agreed(verdict, "mm.vm-assist/d")
                                        ? "answer"
                                        : null));
        assertEquals("answer after lie", finding.kind());
        assertEquals(1, finding.calls());
        assertEquals(1, finding.shrunk().actions().size());
        assertEquals(1, finding.shrunk().world().domains().size());
    }

    @Test
    void aDifferenceAfterAConditionIsShrunkToTheTrigger() {
        // Some domain has all three assists, then unpins a table of level 3 or more.
        Lying.Lie lie =
                (action, run, verdict) ->
                        agreed(verdict, "mm.unpin/d")
                                        && action instanceof Action.Call call
                                        && assists(run, call.domain())
                                        && agreed(verdict, "mm.demote.table/c")
                                ? "frame: count"
                                : null;
        Finding finding = found(lied(lie));
        assertTrue(finding.calls() <= 5, finding::text);
    }

    private static boolean assists(Run run, int id) {
        for (Domain domain : run.machine().domains()) {
            if (domain.id().value() == id) {
                return (domain.assists() & 4) != 0 && (domain.assists() >>> 32 & 1) != 0;
            }
        }
        return false;
    }

    @Test
    void aStateIsFoundThatFewProgramsReach() {
        Lying.Lie lie =
                (action, run, _) -> {
                    if (!(action instanceof Action.Call)) {
                        return null;
                    }
                    for (Frame frame : run.machine().frames()) {
                        if (frame.use().type() == PageType.L3
                                && frame.use().partial()
                                && frame.table().linear() != 0) {
                            return "table";
                        }
                    }
                    return null;
                };
        Finding finding = found(lied(lie));
        assertTrue(finding.calls() <= 4, finding::text);
    }

    @Test
    void aDifferenceAtOnePlaceOfPreemptionIsFound() {
        Lying.Lie lie =
                (action, _, verdict) ->
                        action instanceof Action.Call call
                                        && call.stimulus().patience() == 6
                                        && agreed(verdict, "mm.validate.table/a")
                                        && agreed(verdict, "mm.pin/g")
                                ? "result"
                                : null;
        Finding finding = found(lied(lie));
        assertTrue(finding.calls() <= 2, finding::text);
    }

    @Test
    void aLieThatRemembersIsShrunk() {
        // The third exchange in a row that succeeds.
        Finding finding =
                found(
                        lied(() -> {
                            int[] count = {0};
                            return (_, _, verdict) ->
                                    agreed(verdict, "mm.exchange.chunks/d") && ++count[0] == 3
                                            ? "reply"
                                            : null;
                        }));
        assertEquals(3, finding.calls(), finding::text);
    }

    @Test
    void anExceptionIsADifferenceOfItsOwnKind() {
        Finding finding =
                found(
                        lied((action, _, verdict) -> {
                            if (agreed(verdict, "mm.tlb.flush/a")) {
                                throw new IllegalArgumentException("thrown on purpose");
                            }
                            return null;
                        }));
        assertTrue(finding.kind().startsWith("exception: IllegalArgumentException"));
        assertTrue(finding.differs().explanation().contains("thrown on purpose"));
        assertEquals(1, finding.calls());
    }

    @Test
    void whatDoesNotEndIsFoundToo() {
        Finding finding =
                found(
                        lied(
                                        (_, _, verdict) -> {
                                            if (agreed(verdict, "mm.gdt.set/d")) {
                                                sleepForEver();
                                            }
                                            return null;
                                        })
                                .hungNanos(300_000_000));
        assertEquals("endless after none", finding.kind());
        assertTrue(called(finding.found().actions().getLast(), 2));
    }

    private static void sleepForEver() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void eachKindOfDifferenceIsFoundOnce() {
        CampaignResult result =
                lied((action, _, verdict) ->
                                agreed(verdict, "mm.vm-assist/a")
                                        ? "first"
                                        : agreed(verdict, "mm.vm-assist/b") ? "second" : null)
                        .maxDifferences(5)
                        .steps(60_000)
                        .run();
        Set<String> kinds = new HashSet<>();
        result.differences().forEach(each -> kinds.add(each.kind()));
        assertEquals(Set.of("first after lie", "second after lie"), kinds);
        assertEquals(2, result.differences().size());
    }

    // What counts.

    private static final Lying.Lie UNPIN =
            (_, _, verdict) -> agreed(verdict, "mm.unpin/d") ? "count" : null;

    private static Witness saying(Lying.@Nullable Lie lie) {
        return new Witness("another", () -> new Lying(() -> lie == null ? (_, _, _) -> null : lie));
    }

    @Test
    void whatIsSeenAgainCounts() {
        Campaign campaign =
                lied(UNPIN).witnesses(List.of(saying(UNPIN), saying(UNPIN)), _ -> false);
        Finding finding = found(campaign);
        assertEquals(List.of("seen again: another", "seen again: another"), finding.seenOn());
        assertTrue(finding.trace().contains("# seen again: another"), finding.trace());
    }

    @Test
    void whatIsNotSeenAgainDoesNotCount() {
        List<Finding> told = new ArrayList<>();
        CampaignResult result =
                lied(UNPIN)
                        .steps(20_000)
                        .witnesses(List.of(saying(UNPIN), saying(null)), _ -> false)
                        .found(told::add)
                        .run();
        assertEquals(List.of(), result.differences());
        assertEquals(List.of(), told);
        assertFalse(result.notSeenAgain().isEmpty());
        Finding finding = result.notSeenAgain().getFirst();
        assertEquals("count after lie", finding.kind());
        assertEquals(List.of("seen again: another", "NOT seen again: another"), finding.seenOn());
        assertTrue(result.text().contains("not again"), result.text());
    }

    @Test
    void someCountInAnyCase() {
        Finding finding =
                found(
                        lied(UNPIN)
                                .witnesses(
                                        List.of(saying(null)),
                                        differs -> differs.part().equals("count")));
        assertEquals(List.of("NOT seen again: another"), finding.seenOn());
    }

    /// What shrinking loses is looked for in the program as it was found.
    @Test
    void theWholeProgramIsAskedAsWell() {
        Lying.Lie late =
                new Lying.Lie() {
                    private int calls;

                    @Override
                    public @Nullable String after(Action action, Run run, Verdict verdict) {
                        calls += action instanceof Action.Call ? 1 : 0;
                        return calls > 5 ? UNPIN.after(action, run, verdict) : null;
                    }
                };
        CampaignResult result =
                lied(UNPIN)
                        .steps(400_000)
                        .witnesses(
                                List.of(new Witness("late", () -> new Lying(() -> late))),
                                _ -> false)
                        .run();
        assertEquals(1, result.differences().size(), result.text());
        assertEquals(
                result.differences().getFirst().found(), result.differences().getFirst().shrunk());
    }

    @Test
    void shrinkingEndsWhenItsTimeIsSpent() {
        Finding finding = found(lied(UNPIN).shrinkNanos(0));
        assertEquals(finding.found(), finding.shrunk());
    }

    @Test
    void rowsAreExcusedAsAsked() {
        CampaignResult result = honest().steps(100).excused(Map.of("x86.walk/a", "why not")).run();
        assertTrue(
                result.coverage().contains("not reached: x86.walk/a, excused: why not\n"),
                result.coverage());
        assertTrue(result.missing().contains("x86.walk/b"));
        assertFalse(result.missing().contains("x86.walk/a"));
    }

    // The same again.

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatWasFoundIsFoundAgainFromItsSeed(int jobs) {
        Lying.Lie lie =
                (action, run, verdict) ->
                        agreed(verdict, "mm.root.put/c")
                                        && action instanceof Action.Call call
                                        && call.vcpu() == 1
                                ? "root"
                                : null;
        Finding finding = found(lied(lie).jobs(jobs));
        Finding again = found(lied(lie).seed(finding.seed()));
        assertEquals(finding.number(), again.number());
        assertEquals(finding.found(), again.found());
        assertEquals(finding.shrunk(), again.shrunk());
    }

    @Test
    void aShrunkProgramShowsTheDifferenceFromItsTrace() {
        Lying.Lie lie =
                (_, _, verdict) -> agreed(verdict, "mm.mmu-update.machphys/d") ? "m2p" : null;
        Finding finding = found(lied(lie));
        var read = TraceText.parse("trace", finding.trace());
        assertEquals(finding.shrunk(), read);
        Player player = new Player(new Subjects(() -> new Lying(() -> lie)), Focus.NONE);
        player.play(read.world(), read.actions());
        assertEquals(finding.differs(), player.differs());
    }

    @Test
    void theSameSeedAndStepsDoTheSame() {
        CampaignResult first = honest().seed(9).steps(40_000).run();
        CampaignResult second = honest().seed(9).steps(40_000).run();
        assertEquals(first.steps(), second.steps());
        assertEquals(first.calls(), second.calls());
        assertEquals(first.programs(), second.programs());
        assertEquals(first.rows(), second.rows());
        assertEquals(first.unspecified(), second.unspecified());
    }

    @Test
    void anotherSeedDoesSomethingElse() {
        assertFalse(
                honest().seed(9)
                        .steps(10_000)
                        .run()
                        .rows()
                        .equals(honest().seed(10).steps(10_000).run().rows()));
    }

    // As it is asked to.

    private static Campaign honest() {
        return new Campaign(SpecSubject::new);
    }

    @Test
    void itEndsWhenTheBudgetIsSpent() {
        CampaignResult result = honest().budgetNanos(200_000_000).jobs(2).run();
        assertTrue(result.programs() > 0);
        assertTrue(result.nanos() < 20_000_000_000L);
        CampaignResult steps = honest().steps(5_000).run();
        assertTrue(steps.steps() >= 5_000, steps.text());
    }

    @Test
    void itSaysHowFarItIs() {
        long[] last = new long[2];
        CampaignResult result =
                honest().steps(5_000)
                        .progress(progress -> {
                            last[0] = progress.steps();
                            last[1] = progress.programs();
                        })
                        .run();
        assertEquals(result.steps(), last[0]);
        assertEquals(result.programs(), last[1]);
    }

    @Test
    void aFocusReachesMoreOfWhatItIsOn() {
        CampaignResult all = honest().seed(2).steps(20_000).run();
        CampaignResult on = honest().seed(2).steps(20_000).focus(Focus.on("mm.exchange")).run();
        assertTrue(
                hits(on, "mm.exchange") > 3 * hits(all, "mm.exchange"),
                hits(on, "mm.exchange") + " and " + hits(all, "mm.exchange"));
    }

    private static double hits(CampaignResult result, String prefix) {
        long hits = 0;
        for (var entry : result.rows().counts().entrySet()) {
            hits += entry.getKey().startsWith(prefix) ? entry.getValue() : 0;
        }
        return (double) hits / result.calls();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> honest().jobs(0));
        assertThrows(IllegalArgumentException.class, () -> honest().maxDifferences(0));
    }

    @Test
    void aMachineThatDoesNotStartIsADifference() {
        Campaign broken =
                new Campaign(() ->
                        _ -> {
                            throw new IllegalStateException("no machine");
                        });
        Finding finding = found(broken.steps(10));
        assertTrue(finding.kind().startsWith("exception: IllegalStateException"));
        assertEquals(List.of(), finding.shrunk().actions());
    }

    /// As in a program that shrinking has taken a domain from.
    @Test
    void aCallByADomainThatIsNotThereIsADifference() {
        Player player = new Player(new Subjects(SpecSubject::new), Focus.NONE);
        Action call =
                new Action.Call(
                        77,
                        0,
                        Operand.of(1),
                        List.of(Operand.of(CallMemory.START), Operand.of(1)),
                        Action.Stimulus.NONE);
        player.play(Worlds.ALL.getFirst(), List.of(call));
        Verdict.Differs differs = assertInstanceOf(Verdict.Differs.class, player.differs());
        assertTrue(differs.part().startsWith("exception: IllegalArgument"), differs.part());
    }

    @Test
    void theResultSaysWhatWasReached() {
        CampaignResult result = honest().steps(30_000).run();
        assertTrue(result.rows().reached() > 200, result.text());
        assertEquals(
                result.rows().rows(), result.rows().reached() + result.rows().unreached().size());
        assertTrue(result.coverage().contains("not reached: x86.walk/a"));
        assertTrue(result.text().contains("rows reached"));
        assertNull(result.rows().counts().get("mm.no-such/row"));
        assertEquals(List.of(), result.differences());
    }
}
