// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

final class VisitedSetTest {

    @Test
    void holdsWhatAHashSetHoldsWhileItGrows() {
        final SplittableRandom random = new SplittableRandom(1);
        final Set<Long> model = new HashSet<>();
        try (VisitedSet set = new VisitedSet(0)) {
            final long before = set.bytes();
            for (int i = 0; i < 400_000; i++) {
                final long print = random.nextLong() & 0xFC00_0000_0003_FFFFL;
                assertEquals(model.add(print), set.insert(print));
            }
            assertEquals(model.size(), set.size());
            assertTrue(set.bytes() > before);
            for (final long print : model) {
                assertTrue(set.contains(print));
                final long home = set.home(print);
                assertTrue(home == print || home != 0 || print == 0);
            }
            for (int i = 0; i < 100_000; i++) {
                final long print = random.nextLong();
                assertEquals(model.contains(print), set.contains(print));
            }
        }
    }

    @Test
    void aFingerprintOfZeroIsLikeAnyOther() {
        try (VisitedSet set = new VisitedSet(0)) {
            assertFalse(set.contains(0));
            assertTrue(set.insert(0));
            assertFalse(set.insert(0));
            assertTrue(set.contains(0));
            assertEquals(1, set.size());
        }
    }

    @Test
    void fingerprintsWithTheSameHomeAreKeptApart() {
        try (VisitedSet set = new VisitedSet(0)) {
            for (long i = 1; i <= 300; i++) {
                assertTrue(set.insert(i << 32 | 0xFFFF_FFFFL));
            }
            for (long i = 1; i <= 300; i++) {
                assertTrue(set.contains(i << 32 | 0xFFFF_FFFFL));
                assertFalse(set.contains(i << 32 | 0xFFFF_FFFEL));
            }
            assertFalse(set.contains(301L << 32 | 0xFFFF_FFFFL));
        }
    }

    @Test
    void aSetMadeForItsSizeDoesNotGrow() {
        final SplittableRandom random = new SplittableRandom(2);
        try (VisitedSet set = new VisitedSet(100_000)) {
            final long before = set.bytes();
            assertEquals(0, set.growth(50_000));
            assertTrue(set.growth(1_000_000) >= before);
            for (int i = 0; i < 90_000; i++) {
                set.insert(random.nextLong());
            }
            assertEquals(before, set.bytes());
        }
    }
}
