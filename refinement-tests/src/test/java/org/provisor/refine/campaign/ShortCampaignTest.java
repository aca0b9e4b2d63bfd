// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Switches;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A short campaign in every build: other programs for each commit, the same for one commit. It
/// ends after a number of steps, so that it does the same however fast the machine is.
final class ShortCampaignTest {

    private static final long STEPS = 150_000;

    /// What the parts of the campaign are mostly to reach.
    private static final List<String> PARTS =
            List.of("", "mm.mmu-update", "mm.mmuext", "memory_op", "mm.domain", "mm.ptwr", "");

    private static final long SEED = seedOfCommit();

    /// The commit's identifier; the same each time where there is none.
    private static long seedOfCommit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD").start();
            String text =
                    new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.length() < 16 ? 1 : Long.parseUnsignedLong(text.substring(0, 16), 16);
        } catch (IOException | NumberFormatException e) {
            return 1;
        }
    }

    @TestFactory
    List<DynamicTest> noDifferences() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int part = 0; part < PARTS.size(); part++) {
            long seed = Chance.seed(SEED, part);
            String only = PARTS.get(part);
            String name =
                    String.format(
                            "campaign --seed 0x%x%s --steps %d",
                            seed, only.isEmpty() ? "" : " --only " + only, STEPS);
            tests.add(dynamicTest(name, () -> findsNothing(name, seed, only)));
        }
        return tests;
    }

    private static void findsNothing(String name, long seed, String only) {
        Campaign campaign =
                new Campaign(() -> new ImplSubject(Switches.ALL)).seed(seed).steps(STEPS);
        CampaignResult result = (only.isEmpty() ? campaign : campaign.focus(Focus.on(only))).run();
        System.out.printf("%s: %d rows%n", name, result.rows().reached());
        assertEquals("", text(result));
        assertTrue(result.rows().reached() > 250, result.coverage());
    }

    private static String text(CampaignResult result) {
        StringBuilder text = new StringBuilder();
        result.differences().forEach(finding -> text.append('\n').append(finding.text()));
        return text.toString();
    }

    /// What is excused is a row, and was not reached by the campaign either.
    @Test
    void nothingIsExcusedForNothing() {
        TreeSet<String> needless = new TreeSet<>(Unreached.listed().keySet());
        needless.removeAll(
                new Campaign(() -> new ImplSubject(Switches.ALL))
                        .seed(SEED)
                        .steps(STEPS)
                        .run()
                        .rows()
                        .unreached());
        assertEquals(new TreeSet<>(), needless);
    }
}
