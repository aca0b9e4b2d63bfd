// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Ways to run explorations in tests: no wall clock, and summaries that can be compared.
final class Runs {

    private Runs() {}

    /// An exploration whose clock stands still.
    static Exploration of(final World world) {
        return new Exploration(world).jobs(2).clock(() -> 0);
    }

    /// A clock that moves on by so many nanoseconds each time it is read.
    static LongSupplier ticking(final long nanos) {
        final AtomicLong now = new AtomicLong();
        return () -> now.addAndGet(nanos);
    }

    /// The summary without what may differ between runs: time and memory.
    static Summary stable(final Summary summary) {
        return new Summary(
                summary.configuration(),
                summary.width(),
                summary.ending(),
                summary.states(),
                summary.unexpanded(),
                summary.statesPerLevel(),
                summary.transitions(),
                summary.selfLoops(),
                summary.deadlocks(),
                summary.minOutDegree(),
                summary.maxOutDegree(),
                summary.transitionsByKind(),
                summary.violations(),
                summary.digest(),
                summary.collisionProbability(),
                0,
                0,
                0,
                0);
    }
}
