// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.Vector;

import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Updates of a vector are found, whatever its size, and nothing else.
final class VectorChangesTest {

    private final VectorChanges changes = new VectorChanges();

    private Set<Integer> found() {
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < changes.count(); i++) {
            places.add(changes.place(i));
        }
        assertEquals(changes.count(), places.size());
        return places;
    }

    @Test
    void updatesAreFound() {
        long seed = 17;
        Random random = new Random(seed);
        for (int size : new int[] {1, 31, 32, 33, 1024, 1025, 33_000, 70_000}) {
            Vector<Object> before = Vector.fill(size, Object::new);
            for (int count : new int[] {0, 1, 2, 100}) {
                Vector<Object> after = before;
                Set<Integer> updated = new TreeSet<>();
                for (int i = 0; i < count; i++) {
                    int place = random.nextInt(size);
                    after = after.update(place, new Object());
                    updated.add(place);
                }
                changes.between(before, after);
                assertEquals(updated, found(), "seed " + seed + ", size " + size);
            }
        }
    }

    /// Vectors that share nothing, or are put together otherwise.
    @Test
    void soAreOtherChanges() {
        Object same = new Object();
        Vector<Object> before = Vector.fill(100, () -> same);
        Vector<Object> shifted = Vector.<Object>fill(101, () -> same).tail().update(7, "x");
        changes.between(before, shifted);
        assertEquals(Set.of(7), found());
        changes.between(before, Vector.fill(100, () -> same));
        assertEquals(Set.of(), found());
    }
}
