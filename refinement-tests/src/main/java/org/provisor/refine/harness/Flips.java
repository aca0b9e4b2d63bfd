// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestBytes;

import java.util.Arrays;
import java.util.List;

/// Words of the caller's memory that another vCPU changes while the specification looks at them:
/// each keeps its old value for so many looks and has its new one from then on.
///
/// A word that is looked at once is seen old or new. One that is looked at twice, because it is
/// part of two things, can be seen old and then new, but never new and then old.
final class Flips {

    static final Flips NONE = new Flips(List.of(), new long[0]);

    private final long[] linear;
    private final long[] value;

    /// How many looks see the old value, and how many there were so far.
    private final int[] old;

    private final int[] looks;

    private Flips(List<Flip> flips, long[] values) {
        linear = flips.stream().mapToLong(Flip::linear).toArray();
        value = values;
        old = new int[linear.length];
        looks = new int[linear.length];
    }

    /// Those that change anything: of memory that is there.
    static List<Flip> real(List<Flip> flips) {
        return flips.isEmpty()
                ? flips
                : flips.stream()
                        .filter(flip -> CallPages.readable(flip.linear(), Long.BYTES))
                        .toList();
    }

    static Flips of(List<Flip> flips, FrameNumbers numbers) {
        return flips.isEmpty()
                ? NONE
                : new Flips(
                        flips,
                        flips.stream().mapToLong(flip -> flip.value().resolve(numbers)).toArray());
    }

    boolean none() {
        return linear.length == 0;
    }

    int count() {
        return linear.length;
    }

    long linear(int flip) {
        return linear[flip];
    }

    long value(int flip) {
        return value[flip];
    }

    /// Starts anew: each word is seen old so many times.
    void begin(int[] howOften) {
        System.arraycopy(howOften, 0, old, 0, old.length);
        Arrays.fill(looks, 0);
    }

    /// How often a word was looked at.
    int looks(int flip) {
        return looks[flip];
    }

    /// What is seen of bytes that stand at an address.
    GuestBytes seen(long start, GuestBytes there) {
        int size = (int) there.size();
        Bytes now = null;
        for (int flip = 0; flip < linear.length; flip++) {
            long behind = linear[flip] - start;
            if (behind >= size || behind <= -Long.BYTES) {
                continue;
            }
            if (looks[flip] >= old[flip]) {
                Bytes before = now == null ? there.slice(0, size) : now;
                now = changed(before, behind, value[flip]);
            }
            looks[flip]++;
        }
        return now == null ? there : now;
    }

    private static Bytes changed(Bytes before, long behind, long word) {
        Bytes now = before;
        for (int i = 0; i < Long.BYTES; i++) {
            long at = behind + i;
            if (at >= 0 && at < before.size()) {
                now = now.with(at, 1, word >>> (8 * i) & 0xFF);
            }
        }
        return now;
    }
}
