// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

final class FingerprintTest {

    /// The one long whose fingerprint is 0, found by running the rounds backwards.
    static final long ZERO_PRINT = zeroPrint();

    private static long zeroPrint() {
        final long p1 = 0x9E3779B185EBCA87L;
        final long p2 = 0xC2B2AE3D27D4EB4FL;
        final long p4 = 0x85EBCA77C2B2AE63L;
        final long p5 = 0x27D4EB2F165667C5L;
        final long mixed = Long.rotateRight(-p4 * inverse(p1), 27) ^ p5 + 8;
        return Long.rotateRight(mixed * inverse(p1), 31) * inverse(p2);
    }

    private static long inverse(final long odd) {
        long x = odd;
        for (int i = 0; i < 6; i++) {
            x *= 2 - odd * x;
        }
        return x;
    }

    @Test
    void agreesWithXxh64OnShortInputs() {
        assertEquals(0xEF46DB3751D8E999L, Fingerprint.of(new long[0], 0, 0));
        assertEquals(0x34C96ACDCADB1BBBL, Fingerprint.of(new long[] {0}, 0, 1));
        assertEquals(0x4B180FEC3EF3D4ACL, Fingerprint.of(new long[] {1, 2}, 0, 2));
    }

    @Test
    void zeroIsAFingerprint() {
        assertEquals(0, Fingerprint.of(new long[] {ZERO_PRINT}, 0, 1));
    }

    @Test
    void dependsOnEveryLongAndOnTheOrder() {
        final Set<Long> prints = new HashSet<>();
        final long[] words = new long[26];
        prints.add(Fingerprint.of(words, 1, 24));
        for (int i = 1; i <= 24; i++) {
            for (int bit = 0; bit < 64; bit++) {
                words[i] = 1L << bit;
                assertTrue(prints.add(Fingerprint.of(words, 1, 24)));
            }
            words[i] = 0;
        }
        assertNotEquals(
                Fingerprint.of(new long[] {1, 2}, 0, 2), Fingerprint.of(new long[] {2, 1}, 0, 2));
    }

    @Test
    void theChanceOfACollisionIsStated() {
        assertEquals(0, Fingerprint.collisionProbability(1L << 30, 1));
        assertEquals(0x1p-5, Fingerprint.collisionProbability(1L << 30, 2));
        assertEquals(1, Fingerprint.collisionProbability(0xFFFF_FFFEL << 4, 2));
    }
}
