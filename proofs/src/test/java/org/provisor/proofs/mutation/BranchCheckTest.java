// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.mutation.BranchCheck.Seen;
import org.provisor.proofs.mutation.BranchCheck.Way;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class BranchCheckTest {

    private static final String SEEN = "Pinning.unpin/branch-1-taken";
    private static final String UNSEEN = "Descriptors.segment/branch-1-passed";

    private static Seen examples(Map<String, String> reasons) {
        return new BranchCheck(reasons).run(Map.of(), 1, 0);
    }

    @Test
    void waysThatNothingGoesAreNamed() {
        Seen seen = examples(Map.of());
        List<String> unseen = seen.unseen().stream().map(Way::id).toList();
        assertTrue(unseen.contains(UNSEEN), unseen.toString());
        assertTrue(!unseen.contains(SEEN), unseen.toString());
        assertTrue(!unseen.contains("Pinning.unpin/branch-1-passed"), unseen.toString());
        // What is left to kept traces and the campaign is little.
        assertTrue(unseen.size() < seen.ways().size() / 10, unseen.toString());
    }

    @Test
    void anExcuseCountsOnlyForWhatNothingGoes() {
        Seen seen = examples(Map.of(SEEN, "a lie", UNSEEN, "so it is", "None.none", "nothing"));
        assertEquals(Map.of(UNSEEN, "so it is"), seen.excused());
        assertEquals(List.of("None.none", SEEN), seen.needless());
    }

    /// The shipped excuses are for ways that there are, and that no example goes.
    @Test
    void noExcuseIsNeedless() {
        Seen seen = examples(Reasons.oneWay());
        assertEquals(List.of(), seen.needless());
        assertEquals(Reasons.oneWay(), seen.excused());
    }

    @Test
    void eachWayHasANameOfItsOwn() {
        Set<String> names = new HashSet<>();
        for (Way way : examples(Map.of()).ways()) {
            assertTrue(names.add(way.id()), "two are called " + way.id());
            assertTrue(way.line() > 0, way.toString());
        }
    }
}
