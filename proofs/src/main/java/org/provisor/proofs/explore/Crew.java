// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;

/// A fixed number of workers, one of them the calling thread, that do one job after another
/// together.
final class Crew implements AutoCloseable {

    /// What each worker does; `worker` counts from 0, the calling thread.
    interface Job {
        void work(int worker);
    }

    private final int size;
    private final Phaser gate;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Job job;

    Crew(final int size) {
        this.size = size;
        gate = new Phaser(size);
        for (int worker = 1; worker < size; worker++) {
            final int number = worker;
            Thread.ofPlatform().daemon().name("explore-" + worker).start(() -> serve(number));
        }
    }

    int size() {
        return size;
    }

    /// True once a worker has failed at the present job: the others should stop early.
    boolean failed() {
        return failure.get() != null;
    }

    /// Has all workers do `next`, and returns when the last has finished. Afterwards each sees what
    /// the others wrote. What a worker throws is thrown here.
    void all(final Job next) {
        job = next;
        gate.arriveAndAwaitAdvance();
        attempt(next, 0);
        gate.arriveAndAwaitAdvance();
        final Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
    }

    private void serve(final int worker) {
        while (true) {
            gate.arriveAndAwaitAdvance();
            final Job next = job;
            if (next == null) {
                return;
            }
            attempt(next, worker);
            gate.arriveAndAwaitAdvance();
        }
    }

    private void attempt(final Job next, final int worker) {
        try {
            next.work(worker);
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    @Override
    public void close() {
        job = null;
        gate.arriveAndDeregister();
    }
}
