// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a file of errors may look like.
class ErrorFileTest {

    private static final String ONE =
            """
            # A comment.

            [one]
            The first.
            mm/A.java
            - if (a) {
            -     b();
            + if (c) {
            """;

    @Test
    void anErrorIsRead() {
        assertEquals(
                List.of(
                        new SeededError(
                                "one", "The first.", "mm/A.java", "if (a) {\nb();", "if (c) {")),
                ErrorFile.of("f", ONE));
    }

    @Test
    void aFragmentMayBeMissingInstead() {
        List<SeededError> errors =
                ErrorFile.of("f", ONE + "\n[two]\nThe second.\nmm/B.java\n- d();\n");
        assertEquals(new SeededError("two", "The second.", "mm/B.java", "d();", ""), errors.get(1));
    }

    @Test
    void thereAreEnoughErrors() {
        assertTrue(ErrorFile.shipped(Target.SPECIFICATION).size() >= 20);
        assertTrue(ErrorFile.shipped(Target.IMPLEMENTATION).size() >= 36);
        assertTrue(ErrorFile.shippedForXen().size() >= 20);
    }

    @Test
    void whatIsWrongIsSaidWithItsLine() {
        assertWrong("f states no error", "# Nothing.\n");
        assertWrong("f: line 1: an error starts with [its-name], not with 'one'", "one\n");
        assertWrong("f: line 10: a second error is called one", ONE + "\n" + ONE.substring(14));
        assertWrong("f: line 2: what is missing here is what is wrong, in a line", "[one]\n- a\n");
        assertWrong(
                "f: line 3: what is missing here is the source, for example mm/Pinning.java",
                "[one]\nWhat.\n- a\n");
        assertWrong(
                "f: line 3: the source is not '../A.java', but like mm/Pinning.java",
                "[one]\nWhat.\n../A.java\n- a\n");
        assertWrong(
                "f: line 4: the fragment of mm/A.java is missing; its lines start with '-'",
                "[one]\nWhat.\nmm/A.java\n+ a\n");
    }

    private static void assertWrong(String message, String text) {
        assertEquals(
                message,
                assertThrows(SeededException.class, () -> ErrorFile.of("f", text)).getMessage());
    }
}
