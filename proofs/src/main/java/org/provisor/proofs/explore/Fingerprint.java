// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// The 64-bit fingerprint of an encoded state: XXH64 as it treats inputs of up to three longs,
/// applied to any number of them.
///
/// Every step is a bijection of 64 bits. So a state of one long has a fingerprint of its own, and
/// two states that differ in one long never share one. Otherwise the chance that any two of `n`
/// states share a fingerprint is about `n^2 / 2^65`.
final class Fingerprint {

    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private Fingerprint() {}

    static long of(final long[] words, final int at, final int width) {
        long hash = P5 + 8L * width;
        for (int i = at; i < at + width; i++) {
            hash ^= Long.rotateLeft(words[i] * P2, 31) * P1;
            hash = Long.rotateLeft(hash, 27) * P1 + P4;
        }
        hash = (hash ^ hash >>> 33) * P2;
        hash = (hash ^ hash >>> 29) * P3;
        return hash ^ hash >>> 32;
    }

    /// The chance, at most 1, that two of `states` states of `width` longs share a fingerprint.
    static double collisionProbability(final long states, final int width) {
        return width == 1 ? 0 : Math.min(1, (double) states * states * 0x1p-65);
    }
}
