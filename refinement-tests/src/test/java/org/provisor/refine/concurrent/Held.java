// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.util.Arrays;

/// Which thread holds what of single frames. Each of the two threads has a general reference on
/// every frame at first.
final class Held {

    private final int[][] general;
    private final int[][] typed;

    Held(final int frames) {
        general = new int[SmallHost.VCPUS][frames];
        typed = new int[SmallHost.VCPUS][frames];
    }

    /// Whether a thread has a general reference that goes with none to the type.
    boolean spare(final int thread, final int frame) {
        return general[thread][frame] > typed[thread][frame];
    }

    boolean typed(final int thread, final int frame) {
        return typed[thread][frame] > 0;
    }

    void add(final int thread, final int frame, final int references) {
        general[thread][frame] += references;
    }

    void addTyped(final int thread, final int frame, final int references) {
        typed[thread][frame] += references;
    }

    int all(final int frame) {
        return Arrays.stream(general).mapToInt(of -> of[frame]).sum();
    }

    int allTyped(final int frame) {
        return Arrays.stream(typed).mapToInt(of -> of[frame]).sum();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Held that
                && Arrays.deepEquals(general, that.general)
                && Arrays.deepEquals(typed, that.typed);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(general) + Arrays.deepHashCode(typed);
    }
}
