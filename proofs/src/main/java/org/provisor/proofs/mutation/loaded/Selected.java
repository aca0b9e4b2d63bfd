// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation.loaded;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/// Which of the mutants in the rules is switched on. The rules ask at each place that has some.
///
/// Each set of rules has its own, and is run by one thread.
public final class Selected {

    private static final int NONE = -1;

    private static int mutant = NONE;
    private static long steps = Long.MAX_VALUE;
    private static @Nullable BitSet executed;

    private Selected() {}

    /// From now on a mutant is in the rules.
    ///
    /// @param most how often the rules may begin or go back before they are taken to go on for ever
    static void on(int number, long most) {
        mutant = number;
        steps = most;
    }

    /// From now on the rules are as they are.
    static void off() {
        mutant = NONE;
        steps = Long.MAX_VALUE;
    }

    /// From now on places that are executed are noted, or no longer if null.
    ///
    /// @return how often the rules began or went back since the last time
    static long note(@Nullable BitSet places) {
        executed = places;
        long taken = Long.MAX_VALUE - steps;
        steps = Long.MAX_VALUE;
        return taken;
    }

    /// Asked at a place.
    ///
    /// @param first the number of its first mutant
    /// @param count how many it has
    /// @return 1 for the first of them, 2 for the second; 0 for what really stands there
    public static int at(int first, int count) {
        BitSet noted = executed;
        if (noted != null) {
            noted.set(first);
        }
        int chosen = mutant - first;
        return chosen >= 0 && chosen < count ? chosen + 1 : 0;
    }

    /// Asked where the rules go back and where they begin: a mutant must not go on for ever.
    public static void step() {
        if (--steps < 0) {
            steps = Long.MAX_VALUE;
            throw new EndlessException();
        }
    }

    /// Thrown in place of going on for ever.
    private static final class EndlessException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        EndlessException() {
            super("goes on for ever", null, false, false);
        }
    }
}
