// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The errors that are shipped fit the rules and are found, and what finds them can fail.
class SeededRulesTest {

    private static final SourceTree SOURCES = SourceTree.of(Target.SPECIFICATION);

    /// A rule that has moved or changed leaves its errors without a place.
    @Test
    void everyErrorFitsItsRule() {
        SeededCompiler compiler = new SeededCompiler(SOURCES);
        List<String> wrong = new ArrayList<>();
        List<SeededError> all = new ArrayList<>(ErrorFile.shipped(Target.SPECIFICATION));
        all.addAll(ErrorFile.shippedForXen());
        for (SeededError error : all) {
            try {
                assertFalse(compiler.compiled(error).isEmpty());
            } catch (SeededException e) {
                wrong.add(e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// By an example, or else in small worlds within two seconds.
    @Test
    void everyErrorIsFound() {
        assertEquals(List.of(), survivors(true, TimeUnit.SECONDS.toNanos(2)));
    }

    /// Errors that small worlds cannot show as they are, and why.
    private static final Set<String> ONLY_BY_EXAMPLES =
            Set.of(
                    // Counters at their end are too many calls away.
                    "get-last",
                    "type-count-overflows",
                    // There is no 32-bit guest, no descriptor table, no domain with less than the
                    // machine has, no batch of several requests.
                    "xen-l2-shared",
                    "ldt-kept-mapped",
                    "ldt-keeps-general",
                    "gdt-keeps-general",
                    "gdt-limit",
                    "dead-keeps-gdt",
                    "descriptor-of-xen",
                    "one-frame-too-many",
                    "done-counts-failed",
                    "begins-again",
                    // The guest does not try what is another's.
                    "strangers-mapped",
                    "strangers-tables",
                    "anybody-destroys",
                    // No invariant speaks of it: of answers, of what is owed, of what should get
                    // done some day.
                    "errno-of-unreferred",
                    "higher-table-unflushed",
                    "stale-not-set",
                    "strict-user-sees-m2p",
                    "decrease-keeps",
                    "unfinished-overlooked",
                    // No invariant speaks of it, but one could.
                    "linear-writable",
                    "pin-of-dying",
                    "dying-keeps-claim");

    /// Every other error is found without any example.
    @Test
    @Tag("slow")
    void everyOtherErrorIsFoundByExploration() {
        List<String> survivors = survivors(false, TimeUnit.MINUTES.toNanos(2));
        survivors.removeAll(ONLY_BY_EXAMPLES);
        assertEquals(List.of(), survivors);
    }

    private static List<String> survivors(boolean byExamples, long nanos) {
        RuleJudge judge = new RuleJudge(SOURCES, byExamples, true, nanos, 2);
        List<String> survivors = new ArrayList<>();
        for (SeededError error : ErrorFile.shipped(Target.SPECIFICATION)) {
            if (!judge.judge(error).found()) {
                survivors.add(error.name());
            }
        }
        return survivors;
    }

    /// What finds errors can fail: an error that changes nothing survives.
    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        RuleJudge judge = new RuleJudge(SOURCES, true, true, TimeUnit.SECONDS.toNanos(1), 1);
        RuleVerdict verdict = judge.judge(error("mm/Pinning.java", "\"mm.pin/b\"", "\"mm.pin/b\""));
        assertEquals(RuleVerdict.By.NOTHING, verdict.by(), verdict.where());
    }

    /// Nor is what small worlds break without an error taken for an error found.
    @Test
    @Tag("slow")
    void whatIsWrongAnywayIsNotCounted() {
        RuleJudge judge = new RuleJudge(SOURCES, false, true, TimeUnit.MINUTES.toNanos(2), 2);
        RuleVerdict verdict = judge.judge(error("mm/Pinning.java", "\"mm.pin/b\"", "\"mm.pin/b\""));
        assertEquals(RuleVerdict.By.NOTHING, verdict.by(), verdict.where());
    }

    /// Only so can it be shared by rules with different errors.
    @Test
    void whatIsBelowTheRulesLeadsToNone() throws IOException {
        Path spec = SOURCES.directory();
        Path proofs = spec.resolve("../../../../../../../proofs/src/main/java");
        List<String> wrong = new ArrayList<>();
        for (String each : Target.SPECIFICATION.shared()) {
            String name = each.substring(0, each.length() - 1);
            Path java = each.startsWith("org.provisor.spec.") ? spec.resolve("../../..") : proofs;
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(java.resolve(name.replace('.', '/')), "*.java")) {
                for (Path file : files) {
                    Files.readAllLines(file).stream()
                            .filter(line -> line.matches("import( static)? org\\.provisor\\..*"))
                            .map(line -> line.replaceFirst("import( static)? ", ""))
                            .filter(used ->
                                    Target.SPECIFICATION.shared().stream()
                                            .noneMatch(used::startsWith))
                            .forEach(used -> wrong.add(file.getFileName() + ": " + used));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// An error below the rules is found too: everything is loaded anew then.
    @Test
    void anErrorBelowTheRulesIsFound() {
        RuleJudge judge = new RuleJudge(SOURCES, true, false, 0, 1);
        SeededError error =
                error(
                        "state/Frame.java",
                        "return now == stale ? this",
                        "return now != stale ? this");
        assertTrue(judge.judge(error).found());
    }

    /// The two ways find the same error each on its own.
    @Test
    void eachWayFindsAnErrorAlone() {
        SeededError error =
                error(
                        "mm/References.java",
                        "Claims.adjusted(at.domain(frame.owner()), -1)",
                        "at.domain(frame.owner())");
        RuleJudge byExamples = new RuleJudge(SOURCES, true, false, 0, 1);
        assertEquals(RuleVerdict.By.EXAMPLE, byExamples.judge(error).by());
        RuleJudge byExploration =
                new RuleJudge(SOURCES, false, true, TimeUnit.SECONDS.toNanos(10), 1);
        assertEquals(RuleVerdict.By.INVARIANT, byExploration.judge(error).by());
        assertFalse(byExploration.judge(error).wrong().isEmpty());
    }

    /// The rules with an error may never come to an end.
    @Test
    void whatGoesOnForEverIsFound() {
        String check = "if (held.failed()) { return held.row(\"mm.pin/b\");";
        String loop = "while (!Thread.currentThread().isInterrupted()) { Thread.onSpinWait(); }";
        RuleJudge judge = new RuleJudge(SOURCES, true, false, 0, 1, TimeUnit.SECONDS.toNanos(2));
        RuleVerdict verdict = judge.judge(error("mm/Pinning.java", check, loop + check));
        assertEquals(RuleVerdict.By.EXCEPTION, verdict.by());
        assertEquals("it goes on for ever", verdict.where());
    }

    @Test
    void aFragmentThatIsNotThereIsNamed() {
        assertWrong(
                "e: its fragment is not in mm/Pinning.java",
                error("mm/Pinning.java", "no such rule", ""));
    }

    @Test
    void aFragmentThatIsThereTwiceIsNamed() {
        assertWrong(
                "e: its fragment is more than once in mm/Pinning.java",
                error("mm/Pinning.java", "Mfn mfn", "Mfn frame"));
    }

    @Test
    void aRuleThatIsNotThereIsNamed() {
        assertWrong(
                "e: there is no source mm/NoSuchRule.java", error("mm/NoSuchRule.java", "a", "b"));
    }

    @Test
    void anErrorThatIsNoJavaIsNamed() {
        SeededException e =
                assertThrows(
                        SeededException.class,
                        () ->
                                new SeededCompiler(SOURCES)
                                        .compiled(
                                                error("mm/Pinning.java", "\"mm.pin/b\"", "pin/b")));
        assertTrue(
                e.getMessage().startsWith("e: the source does not compile with it: line "),
                e.getMessage());
    }

    /// The classes that are not compiled anew have a copy of its value.
    @Test
    void aConstantIsNotChanged() {
        SeededException e =
                assertThrows(
                        SeededException.class,
                        () ->
                                new SeededCompiler(SOURCES)
                                        .compiled(
                                                error(
                                                        "mm/EntryFlags.java",
                                                        "GUEST_KERNEL = 1L << 52",
                                                        "GUEST_KERNEL = 1L << 53")));
        assertTrue(e.getMessage().startsWith("e: it changes a constant"), e.getMessage());
    }

    @Test
    void whiteSpaceMayBeAnyOther() {
        SeededError error = error("mm/A.java", "a(b,\nc) {", "x {");
        assertEquals("  x { }", error.in("  a(b,\n        c)   { }"));
    }

    private static SeededError error(String source, String original, String replacement) {
        return new SeededError("e", "an error", source, original, replacement);
    }

    private static void assertWrong(String message, SeededError error) {
        SeededException e =
                assertThrows(
                        SeededException.class, () -> new SeededCompiler(SOURCES).compiled(error));
        assertEquals(message, e.getMessage());
    }
}
