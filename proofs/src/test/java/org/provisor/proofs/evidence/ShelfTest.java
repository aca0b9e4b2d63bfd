// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.model.Json;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Verdict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A pack whose making was interrupted is the same as one that was made at once.
final class ShelfTest {

    @TempDir private Path directory;

    @Test
    void aResultThatWasKeptIsWrittenAsBefore() throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows", 426);
        figures.put("examples", 752L);
        figures.put("share", 97.5);
        figures.put("solver", "z3");
        Result result =
                new Result(
                        "examples", Verdict.PASSED, "said", figures, List.of(), Map.of("a/b", 3L));
        Shelf shelf = new Shelf(directory);
        shelf.keep("key", new Shelf.Timed(result, 1.5));
        Result kept = shelf.result("examples", "key").orElseThrow().result();
        assertEquals(Json.write(result.figures()), Json.write(kept.figures()));
        assertEquals(result.rows(), kept.rows());
        assertTrue(shelf.result("examples", "another key").isEmpty());
    }

    @Test
    void figuresAreInTheOrderOfTheirNames() {
        Map<String, Object> one = new LinkedHashMap<>();
        Map<String, Object> other = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", 2);
        other.put("b", 2);
        other.put("a", 1);
        assertEquals(Json.write(figures(one)), Json.write(figures(other)));
    }

    private static Map<String, Object> figures(Map<String, Object> figures) {
        return new Result("a", Verdict.PASSED, "", figures, List.of(), Map.of()).figures();
    }
}
